# One recipe for every process of ours: `docker build --build-arg SERVICE=export -t anyam/export .`
#
# An image holds the kernel, the contracts and one service's own folder, so a service that imports
# another cannot start. The same image runs the app (its command), the worker
# (`python -m services.export.worker`) and the migrations (`python -m kernel.migrations services.export`).

ARG SERVICE

FROM python:3.11-slim-bookworm AS packages
WORKDIR /opt
RUN python -m venv packages
COPY requirements/services.txt requirements/services.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    packages/bin/pip install --disable-pip-version-check --require-hashes -r requirements/services.txt

FROM python:3.11-slim-bookworm AS platform
ENV PATH=/opt/packages/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=packages /opt/packages /opt/packages
COPY kernel kernel
COPY contracts contracts
EXPOSE 8000

FROM platform AS service
ARG SERVICE
ENV UVICORN_APP=services.${SERVICE}.app:create_app
COPY services/__init__.py services/__init__.py
COPY services/${SERVICE} services/${SERVICE}
# uvicorn reads which app to run from UVICORN_APP. It drains for 25 s; whoever stops it waits 40 s.
CMD ["uvicorn", "--factory", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "25"]

FROM service AS registry
FROM service AS empowerment
FROM service AS export
FROM service AS financing

FROM platform AS gateway
ENV HOST=0.0.0.0
COPY docs/asyncapi.json docs/problems.json docs/
COPY gateway gateway
CMD ["python", "-m", "gateway"]

FROM ${SERVICE}
RUN ["python", "-m", "compileall", "-q", "."]
# A number, so that Kubernetes can see that it is not root. The code stays root's: nobody rewrites it.
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
