"""Sentry's arroyo: Kafka to Klaviyo's bulk events, without a ledger. Offsets are committed after the answer."""

import json
import os
import signal
from typing import Any, Mapping

import urllib3
from arroyo.backends.kafka import KafkaConsumer, KafkaPayload, build_kafka_consumer_configuration
from arroyo.processing.processor import StreamProcessor
from arroyo.processing.strategies import (
    BatchStep,
    CommitOffsets,
    ProcessingStrategy,
    ProcessingStrategyFactory,
    RunTask,
)
from arroyo.types import Commit, Message, Partition, Topic

from map_order import entries_of

# Of three events each: with one more the bulk request would be over 1,000.
ORDERS_PER_REQUEST = 333

http = urllib3.PoolManager(retries=False)
url = os.environ["KLAVIYO_BASE_URL"] + "/api/event-bulk-create-jobs"
headers = {
    "Authorization": "Klaviyo-API-Key " + os.environ["KLAVIYO_API_KEY"],
    "revision": "2026-07-15",
    "Content-Type": "application/json",
}


def send(message: Message[Any]) -> Any:
    entries = [entry for each in message.payload for entry in entries_of(json.loads(each.payload.value))]
    body = {
        "data": {
            "type": "event-bulk-create-job",
            "attributes": {"events-bulk-create": {"data": entries}},
        }
    }
    answer = http.request("POST", url, body=json.dumps(body), headers=headers)
    if answer.status != 202:
        raise RuntimeError(f"Klaviyo answered {answer.status}")
    return message.payload


class Factory(ProcessingStrategyFactory[KafkaPayload]):
    def create_with_partitions(
        self, commit: Commit, partitions: Mapping[Partition, int]
    ) -> ProcessingStrategy[KafkaPayload]:
        return BatchStep(ORDERS_PER_REQUEST, 0.5, RunTask(send, CommitOffsets(commit)))


consumer = KafkaConsumer(
    build_kafka_consumer_configuration(
        {},
        group_id=os.environ["GROUP_ID"],
        auto_offset_reset="earliest",
        bootstrap_servers=os.environ["KAFKA_BROKERS"].split(","),
    )
)
processor = StreamProcessor(consumer, Topic("buyer.events.v1"), Factory())
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: processor.signal_shutdown())
processor.run()
