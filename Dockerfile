# The application with everything it serves; see compose.yaml for how its parts are run.
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
COPY . .
# The same set-up as in a checkout: packages by hash, npm from PyPI as this image has none, fonts and styles, and
# machine code for matching.
RUN tools/setup run && rm -rf node_modules

FROM python:3.13-slim-bookworm
RUN useradd --system --create-home --uid 10001 alongside
COPY --from=build /app /app
WORKDIR /app
USER alongside
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
EXPOSE 8000
CMD ["alongside", "serve", "--host", "0.0.0.0", "--workers", "2"]
