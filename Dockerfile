# kanta-gap in a container: nobody's account, nothing of its own to write to, no network wanted.
#
#   docker build -t kanta-gap .
#   docker run --rm --read-only --network none --cap-drop all --security-opt no-new-privileges --tmpfs /tmp \
#     --user "$(id -u):$(id -g)" -v "$PWD:/data" kanta-gap ingest archive
FROM python:3.12-slim AS made
WORKDIR /src
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY analyser analyser
COPY queries queries
COPY schemas schemas
RUN python -m venv /opt/kanta-gap \
 && /opt/kanta-gap/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
 && /opt/kanta-gap/bin/pip wheel --no-cache-dir --disable-pip-version-check --no-deps --wheel-dir /tmp/wheel . \
 && /opt/kanta-gap/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /tmp/wheel/*.whl

FROM python:3.12-slim
COPY --from=made /opt/kanta-gap /opt/kanta-gap
ENV PATH=/opt/kanta-gap/bin:$PATH PYTHONDONTWRITEBYTECODE=1 HOME=/tmp LANG=C.UTF-8
USER 10001:10001
WORKDIR /data
ENTRYPOINT ["kanta-gap"]
CMD ["--help"]
