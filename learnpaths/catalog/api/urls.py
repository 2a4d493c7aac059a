from rest_framework.routers import SimpleRouter

from learnpaths.catalog.api.views import PathViewSet

router = SimpleRouter()
router.register("paths", PathViewSet, basename="api-path")
urlpatterns = router.urls
