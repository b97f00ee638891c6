# syntax=docker/dockerfile:1
# An image with one static program and the root certificates, nothing else. The release workflow unpacks the archives of
# both platforms and passes their folder as context:
#
#   docker build --build-arg PROGRAM=ci-report --file Dockerfile dist
#
# with dist/linux-amd64/ci-report and dist/linux-arm64/ci-report.
FROM debian:13-slim AS certificates
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*

FROM scratch
ARG PROGRAM
ARG TARGETARCH
COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY linux-${TARGETARCH}/${PROGRAM} /program
# State and undelivered events of `ci-report`, and events of the intake with `--data`, if a volume is mounted here.
ENV HOME=/data
WORKDIR /data
ENTRYPOINT ["/program"]
