"""What a page may ask of its kernel: by exercise, and by lesson (which has no completion)."""

from django.urls import URLPattern, path

from exercises.kernels import views

kernel_urls: list[URLPattern] = [
    path("", views.show, name="kernel"),
    path("runs/", views.run, name="kernel-runs"),
    path("interrupt/", views.interrupt, name="kernel-interrupt"),
    path("restart/", views.restart, name="kernel-restart"),
    path("complete/", views.complete, name="kernel-complete"),
    path("inspect/", views.inspect, name="kernel-inspect"),
    path("events/", views.stream, name="kernel-events"),
]
lesson_kernel_urls: list[URLPattern] = [
    path("", views.show, name="lesson-kernel"),
    path("runs/", views.run, name="lesson-kernel-runs"),
    path("interrupt/", views.interrupt, name="lesson-kernel-interrupt"),
    path("restart/", views.restart, name="lesson-kernel-restart"),
    path("events/", views.stream, name="lesson-kernel-events"),
]
