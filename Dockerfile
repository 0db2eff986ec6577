# One image for all apps; the app is the argument: `docker run watertight profile-mapper`.
# Three stages: everything is built with the development packages, the production packages are installed by
# themselves, and the image has the second's packages with the first's results.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund && NX_DAEMON=false npx nx run-many -t build && node docker/collect.mjs /built

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY --from=build /built/manifests .
# Production packages of the apps and libraries that run; install scripts are not needed by any of them.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && node docker/prune.mjs /app

FROM node:24-bookworm-slim
# Measured: a service stays under 270 MB resident at full speed with these, at three quarters of the speed without.
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-semi-space-size=8 --max-old-space-size=256" \
    MALLOC_ARENA_MAX=1 \
    HOST=0.0.0.0 \
    PORT=8080
WORKDIR /app
COPY --from=packages /app .
COPY --from=build /built/programs .
# No shell is needed, no file is written: run it with a read-only root.
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["node", "/app/docker/start.mjs"]
