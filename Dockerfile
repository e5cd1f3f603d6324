# syntax=docker/dockerfile:1

# Builds the bot; nothing of this stage but its output goes further.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY commands ./commands
RUN npx tsc -p tsconfig.build.json

# What the bot needs to run, and no more.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
# Of the font's package (98 MB) the charts use two files.
RUN find node_modules/pretendard -type f ! -name package.json ! -name LICENSE.txt ! -name Pretendard-Regular.otf ! -name Pretendard-SemiBold.otf -delete

FROM node:24-bookworm-slim
ARG GIT_COMMIT=unknown
ENV NODE_ENV=production \
    METRICS_HOST=0.0.0.0 \
    GIT_COMMIT=$GIT_COMMIT
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY config ./config
COPY scripts/logs.js ./scripts/
COPY package.json LICENSE ./
# The only places it writes to.
RUN mkdir logs data && chown node:node logs data
VOLUME ["/app/logs", "/app/data"]
USER node
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.METRICS_PORT || 9464}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm between the engine's signals and the bot.
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
