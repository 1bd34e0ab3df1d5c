package dev.weft.standalone.top;

import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A frame as a JSON document, with seconds, bytes and shares from 0 to 1; an unknown value is null.
 */
final class FrameJson {
    private FrameJson() {}

    static String of(Frame frame) {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        document.put("seconds", frame.seconds());
        document.put("gateway_failure", frame.gatewayFailure());
        ArrayNode workers = document.putArray("workers");
        frame.workers().forEach(worker -> write(worker, workers.addObject()));
        ArrayNode adapters = document.putArray("adapters");
        frame.adapters().forEach(adapter -> write(adapter, adapters.addObject()));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private static void write(WorkerLine worker, ObjectNode to) {
        to.put("address", worker.address());
        to.put("failure", worker.failure());
        put(to, "tokens_per_second", worker.tokensPerSecond());
        put(to, "prompt_tokens_per_second", worker.prefillPerSecond());
        put(to, "running", worker.running());
        put(to, "waiting", worker.waiting());
        put(to, "kv_usage", worker.kvUsage());
        put(to, "adapters_in_slots", worker.inSlots());
        put(to, "slots", worker.slots());
        put(to, "adapters_in_host_memory", worker.inHost());
        put(to, "step_seconds", worker.stepSeconds());
        put(to, "step_rows", worker.stepRows());
        put(to, "prefix_hits", worker.prefixHits());
        ObjectNode phases = to.putObject("phases");
        WorkerLine.PHASES.forEach(phase ->
                put(phases, phase, worker.phases().getOrDefault(phase, OptionalDouble.empty())));
    }

    private static void write(AdapterLine adapter, ObjectNode to) {
        to.put("name", adapter.name());
        put(to, "tokens_per_second", adapter.tokensPerSecond());
        put(to, "requests_per_second", adapter.requestsPerSecond());
        put(to, "queue_seconds", adapter.queueSeconds());
        to.put("waited_for_at", adapter.waitedForAt());
        to.put("in_slots", adapter.inSlots());
        to.put("in_host_memory", adapter.inHost());
        to.put("bytes", adapter.bytes());
    }

    private static void put(ObjectNode to, String name, OptionalDouble value) {
        if (value.isEmpty()) {
            to.putNull(name);
        } else {
            to.put(name, value.getAsDouble());
        }
    }
}
