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

    static String of(ScreenFrame frame) {
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
        put(to, "tokens_per_second", worker.requests().tokensPerSecond());
        put(to, "prompt_tokens_per_second", worker.requests().prefillPerSecond());
        put(to, "running", worker.requests().running());
        put(to, "waiting", worker.requests().waiting());
        put(to, "kv_usage", worker.kv().usage());
        put(to, "adapters_in_slots", worker.adapters().inSlots());
        put(to, "slots", worker.adapters().slots());
        put(to, "adapters_in_host_memory", worker.adapters().inHost());
        put(to, "step_seconds", worker.steps().seconds());
        put(to, "step_rows", worker.steps().rows());
        put(to, "prefix_hits", worker.kv().prefixHits());
        ObjectNode phases = to.putObject("phases");
        worker.steps().phases().forEach((phase, share) -> put(phases, phase, share));
    }

    private static void write(AdapterLine adapter, ObjectNode to) {
        to.put("name", adapter.name());
        put(to, "tokens_per_second", adapter.requests().tokensPerSecond());
        put(to, "requests_per_second", adapter.requests().perSecond());
        put(to, "queue_seconds", adapter.requests().queueSeconds());
        to.put("waited_for_at", adapter.requests().waitAt());
        to.put("in_slots", adapter.held().inSlots());
        to.put("in_host_memory", adapter.held().inHost());
        to.put("bytes", adapter.held().bytes());
    }

    private static void put(ObjectNode to, String name, OptionalDouble value) {
        if (value.isEmpty()) {
            to.putNull(name);
        } else {
            to.put(name, value.getAsDouble());
        }
    }
}
