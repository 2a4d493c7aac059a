# Two images from one file:
#   docker build --target web    -t learnpaths-web .       the site, the clock and every manage.py command
#   docker build --target worker -t learnpaths-worker .    the same, and the TensorFlow environment that jails mount
# Neither holds a setting or a secret: LEARNPATHS_MODE is production, so what is not set stops the start and is named.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS tools
COPY requirements /requirements
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --quiet --require-hashes -r /requirements/uv.txt
ENV UV_NO_CACHE=1 UV_NO_PROGRESS=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1

FROM tools AS site
RUN python3 -m venv --without-pip /opt/venv \
 && VIRTUAL_ENV=/opt/venv /opt/uv/bin/uv pip sync --require-hashes /requirements/site.txt
COPY . /srv/learnpaths
# The settings of this one command are made up and kept nowhere. A checkout may be readable to its owner only; the image's
# user owns nothing and must be able to read all of it, and so must the jail.
RUN cd /srv/learnpaths \
 && chmod -R a+rX,go-w . \
 && /opt/venv/bin/python -m compileall -q learnpaths exercises certification \
 && LEARNPATHS_MODE=production LEARNPATHS_STATE_DIR=/var/lib/learnpaths \
    LEARNPATHS_SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_urlsafe(64))') \
    LEARNPATHS_BASE_URL=https://build.invalid LEARNPATHS_ALLOWED_HOSTS=build.invalid LEARNPATHS_SIGNING_KEY_FILE=/nowhere \
    DATABASE_URL=postgres://nobody@build.invalid/nothing REDIS_URL=redis://build.invalid EMAIL_URL=consolemail:// \
    /opt/venv/bin/python manage.py collectstatic --noinput

FROM ${BASE} AS web
# /keys is where a volume with the signing keys goes; a new named volume takes over its owner and mode.
RUN groupadd --gid 10001 learnpaths \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin learnpaths \
 && install -d -o 10001 -g 10001 -m 0700 /keys
COPY --from=site /opt/venv /opt/venv
COPY --from=site /var/lib/learnpaths /var/lib/learnpaths
COPY --from=site /srv/learnpaths /srv/learnpaths
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LEARNPATHS_MODE=production \
    LEARNPATHS_STATE_DIR=/var/lib/learnpaths LEARNPATHS_SIGNING_KEY_FILE=/keys/signing-keys.json
WORKDIR /srv/learnpaths
USER 10001:10001
EXPOSE 8000
CMD ["python", "-m", "learnpaths.serving.web", "0.0.0.0:8000"]

FROM tools AS runtime
# Another runtime is another name and another lock file. The one for GPUs keeps the name, because exercises ask for it:
#   docker build --target worker --build-arg RUNTIME_LOCK=requirements/runtime-gpu.txt -t learnpaths-worker-gpu .
ARG RUNTIME=tf-2.21
ARG RUNTIME_LOCK=requirements/runtime.txt
RUN python3 -m venv --without-pip /opt/runtimes/${RUNTIME} \
 && VIRTUAL_ENV=/opt/runtimes/${RUNTIME} /opt/uv/bin/uv pip sync --require-hashes /${RUNTIME_LOCK}

FROM web AS worker
ARG RUNTIME=tf-2.21
COPY --from=runtime /opt/runtimes /opt/runtimes
ENV LEARNPATHS_RUNTIME_DIR=/opt/runtimes/${RUNTIME}
CMD ["python", "manage.py", "worker", "--queue", "cpu"]
