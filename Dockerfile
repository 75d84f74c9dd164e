# The production image: no demo services, no test tools, no npm, no root.
FROM node:24-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.13-slim AS packages
RUN python -m venv /opt/venv
COPY requirements/production.txt /tmp/production.txt
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/production.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LIAISON_DATA=/data \
    PROMETHEUS_MULTIPROC_DIR=/tmp
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin liaison \
    && install --directory --owner liaison --group liaison --mode 0700 /data
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/liaison
COPY manage.py ./
COPY portal portal
COPY cases cases
COPY sharing sharing
COPY agencies agencies
COPY ledger ledger
COPY templates templates
COPY static static
COPY --from=front-end /build/node_modules node_modules
# The key serves this one command; the image holds none.
RUN SECRET_KEY=collecting REDIS_URL=memory:// DATABASE_URL=postgres:///none \
    python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf node_modules
USER 10001
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "8", \
     "--worker-tmp-dir", "/tmp", "--no-control-socket", "--forwarded-allow-ips", "*"]
