"""A real Apache Kafka in KRaft mode, one node or three, on loopback, in a folder of its own."""
import base64
import os
import pathlib
import re
import shutil
import socket
import subprocess
import uuid

import confluent_kafka
from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic,
                                   ResourceType)

from process import Process, free_port, until

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "ifmatch"
JAVA = ("java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{CACHE}/kafka/lib/*")

PROPERTIES = """\
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={folder}
num.partitions=12
default.replication.factor={replicas}
min.insync.replicas={in_sync}
offsets.topic.replication.factor={replicas}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={in_sync}
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor={replicas}
share.coordinator.state.topic.min.isr={in_sync}
group.initial.rebalance.delay.ms=0
group.consumer.min.session.timeout.ms=1000
group.consumer.session.timeout.ms=6000
group.consumer.min.heartbeat.interval.ms=500
group.consumer.heartbeat.interval.ms=1000
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=2
log.cleaner.dedupe.buffer.size=8388608
broker.session.timeout.ms={session_ms}
broker.heartbeat.interval.ms=500
controller.quorum.election.timeout.ms=500
group.min.session.timeout.ms=1000
"""


class Kafka:
    """A cluster. `start` returns when every node answers; single nodes can be killed and started again."""

    def __init__(self, folder, nodes=1):
        self.folder = pathlib.Path(folder)
        self.ports = [free_port() for _ in range(nodes)]
        self.controller_ports = [free_port() for _ in range(nodes)]
        self.processes = [None] * nodes
        self.bootstrap = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        self._admin = None

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        for node in range(len(self.ports)):
            self._write_properties(node)
        self._format()
        for node in range(len(self.ports)):
            self.start_node(node)
        self.wait_until_ready()
        return self

    def stop(self):
        for process in self.processes:
            if process and process.running:
                process.kill()

    def start_node(self, node):
        self.processes[node] = Process(f"kafka-{node + 1}", (*JAVA, "kafka.Kafka", self._properties(node)), self.folder)

    def kill_node(self, node):
        self.processes[node].kill()

    def wait_until_ready(self, timeout=180.0):
        self.processes[0].until(self._all_nodes_answer, "Kafka answers", timeout)

    def wait_until_in_sync(self, timeout=180.0):
        """Every node answers, and every partition has a leader and all its replicas in sync: one more may go."""
        until(self._all_nodes_answer, "every node answers", timeout)
        until(self._all_in_sync, "all replicas are in sync", timeout, interval=0.1)

    def create_topics(self, *names, partitions=12, **config):
        """Creates topics; config keys with _ for dots: `max_message_bytes=1000`."""
        settings = {key.replace("_", "."): str(value) for key, value in config.items()}
        replicas = len(self.ports)
        new = [NewTopic(name, partitions, replicas, config=settings) for name in names]
        for created in self.admin.create_topics(new, operation_timeout=30).values():
            created.result()
        for name in names:
            until(lambda: self._is_led(name, partitions), f"topic {name} has its leaders")

    def add_partitions(self, topic, total):
        for grown in self.admin.create_partitions([NewPartitions(topic, total)]).values():
            grown.result()
        until(lambda: self._is_led(topic, total), f"topic {topic} has {total} partitions")

    def send(self, topic, records):
        """Produces (key, value) or (key, value, headers), bytes, text or None each; returns (partition, offset)s."""
        delivered = []
        producer = confluent_kafka.Producer({"bootstrap.servers": self.bootstrap, "enable.idempotence": True,
                                             "linger.ms": 2, "message.max.bytes": 16 << 20, "log_level": 0})

        def note(place):
            def on_delivery(error, message):
                if error:
                    raise confluent_kafka.KafkaException(error)
                delivered[place] = (message.partition(), message.offset())
            return on_delivery

        for place, (key, value, *headers) in enumerate(records):
            delivered.append(None)
            producer.produce(topic, value, key, headers=headers[0] if headers else None, on_delivery=note(place))
            producer.poll(0)
        producer.flush(60)
        assert None not in delivered, f"{delivered.count(None)} records were not delivered"
        return delivered

    def committed(self, group, topic):
        """Partition -> committed offset of the group; partitions without one are left out."""
        partitions = [confluent_kafka.TopicPartition(topic, number) for number in self._partitions(topic)]
        request = [confluent_kafka.ConsumerGroupTopicPartitions(group, partitions)]
        result = next(iter(self.admin.list_consumer_group_offsets(request).values())).result()
        return {entry.partition: entry.offset for entry in result.topic_partitions if entry.offset >= 0}

    def set_group(self, group, **config):
        """Changes the broker's settings for one group; keys with _ for dots, as in create_topics."""
        entries = [ConfigEntry(key.replace("_", "."), str(value), incremental_operation=AlterConfigOpType.SET)
                   for key, value in config.items()]
        resource = ConfigResource(ResourceType.GROUP, group, incremental_configs=entries)
        next(iter(self.admin.incremental_alter_configs([resource]).values())).result()

    def reset_offset(self, group, topic, partition, offset):
        """As an operator does it with kafka-consumer-groups.sh while no worker of the group runs."""
        wanted = confluent_kafka.TopicPartition(topic, partition, offset)
        request = [confluent_kafka.ConsumerGroupTopicPartitions(group, [wanted])]
        next(iter(self.admin.alter_consumer_group_offsets(request).values())).result()

    @property
    def admin(self):
        if self._admin is None:
            self._admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 0})
        return self._admin

    def _partitions(self, topic):
        return self.admin.list_topics(topic, timeout=10).topics[topic].partitions

    def _is_led(self, topic, partitions):
        found = self._partitions(topic)
        return len(found) == partitions and all(entry.leader >= 0 for entry in found.values())

    def _all_nodes_answer(self):
        """The cluster counts a killed node until its session ends: each one is asked."""
        try:
            return (all(self._answers(port) for port in self.ports) and
                    len(self.admin.list_topics(timeout=1).brokers) == len(self.ports))
        except confluent_kafka.KafkaException:
            return False

    @staticmethod
    def _answers(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def _all_in_sync(self):
        try:
            topics = self.admin.list_topics(timeout=2).topics.values()
        except confluent_kafka.KafkaException:
            return False
        return all(entry.leader >= 0 and len(entry.isrs) == len(self.ports)
                   for topic in topics for entry in topic.partitions.values())

    def _properties(self, node):
        return self.folder / f"node-{node + 1}.properties"

    def _data(self, node):
        return self.folder / f"node-{node + 1}"

    def _write_properties(self, node):
        replicas = len(self.ports)
        voters = ",".join(f"{number}@127.0.0.1:{port}" for number, port in enumerate(self.controller_ports, 1))
        self._properties(node).write_text(PROPERTIES.format(
            node=node + 1, voters=voters, port=self.ports[node], controller_port=self.controller_ports[node],
            folder=self._data(node), replicas=replicas, in_sync=2 if replicas > 2 else 1,
            session_ms=4000 if replicas > 2 else 6000))

    def _format(self):
        """Kafka's tool makes the first node's folder; the others differ in two names, and it takes a second each."""
        subprocess.run((*JAVA, "kafka.tools.StorageTool", "format", "-t", self._new_id(), "-c", self._properties(0)),
                       check=True, capture_output=True, stdin=subprocess.DEVNULL)
        for node in range(1, len(self.ports)):
            shutil.copytree(self._data(0), self._data(node))
            meta = self._data(node) / "meta.properties"
            text = re.sub("node.id=.*", f"node.id={node + 1}", meta.read_text())
            meta.write_text(re.sub("directory.id=.*", f"directory.id={self._new_id()}", text))

    @staticmethod
    def _new_id():
        return "A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]
