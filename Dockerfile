FROM python:3.11-slim AS build
# Where packages come from, if not from pip's default: --build-arg PIP_INDEX_URL=…
ARG PIP_INDEX_URL
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/callboard
COPY requirements.lock ./
RUN /opt/callboard/bin/pip install --require-hashes --no-deps --requirement requirements.lock
COPY LICENSE README.md pyproject.toml ./
COPY bot bot
COPY sandbox sandbox
COPY storage storage
RUN /opt/callboard/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN groupadd --gid 10001 callboard \
    && useradd --uid 10001 --gid callboard --no-create-home --shell /usr/sbin/nologin callboard \
    && install --directory --owner callboard --group callboard --mode 0700 /data
COPY --from=build /opt/callboard /opt/callboard
ENV PATH=/opt/callboard/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_PATH=/data/callboard.db \
    HTTP_PORT=8080
USER 10001
WORKDIR /data
VOLUME /data
# Well only if updates are heard and handled, and the record takes writes; else it says what is wrong.
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=3 \
    CMD ["python", "-m", "bot.web.probe"]
ENTRYPOINT ["callboard"]
CMD ["run"]
