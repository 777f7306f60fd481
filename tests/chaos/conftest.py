from fixtures import config, documents, kafka, kinto, start_worker, topics  # noqa: F401: pytest finds them here
