package dev.weft.standalone.adapters;

import dev.weft.standalone.adapters.client.AliasTarget;
import dev.weft.standalone.adapters.client.Residency;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.http.WorkerOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adapters workers list|residency|pin|prefetch|orders|takeback}. */
@Command(
        name = "workers",
        description = "Shows which workers hold which versions, and has them pin or prefetch one.",
        mixinStandardHelpOptions = true)
final class WorkersCommand implements Runnable {
    @ParentCommand private AdaptersCommand adapters = new AdaptersCommand();
    @Spec private CommandSpec spec = CommandSpec.create();

    /** What to order, and where. */
    static final class Order {
        @Parameters(index = "0", paramLabel = "NAME[@VERSION]")
        private String version = "";

        @Option(
                names = WorkerOption.NAME,
                paramLabel = "ID",
                description = "A worker; repeatable (default: all).")
        private @Nullable List<String> workers;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: list, residency, pin, prefetch, orders or takeback");
    }

    @Command(name = "list", description = "Lists workers.", mixinStandardHelpOptions = true)
    void list() throws CommandException {
        for (JsonNode worker : get("workers")) {
            adapters.print(
                    "%s  %s  %s%d slots, holds %d  %s"
                            .formatted(
                                    worker.path("id").asString(""),
                                    worker.path("address").asString(""),
                                    worker.path("base").isString()
                                            ? "base " + worker.path("base").asString() + ", "
                                            : "",
                                    worker.path("slots").asInt(),
                                    worker.path("held").size(),
                                    worker.path("alive").asBoolean()
                                            ? "alive"
                                            : "silent since "
                                                    + worker.path("seenAt").asString("")));
        }
    }

    @Command(
            name = "residency",
            description = "Shows where the versions of an adapter are held.",
            mixinStandardHelpOptions = true)
    void residency(@Parameters(paramLabel = "NAME") String name) throws CommandException {
        try (var catalog = adapters.catalog()) {
            Residency.lines(catalog, name).forEach(adapters::print);
        }
    }

    @Command(
            name = "pin",
            description = "Keeps a version in a slot of workers until the order is taken back.",
            mixinStandardHelpOptions = true)
    void pin(@Mixin Order order) throws CommandException {
        send("pin", order);
    }

    @Command(
            name = "prefetch",
            description = "Brings a version into a slot of workers.",
            mixinStandardHelpOptions = true)
    void prefetch(@Mixin Order order) throws CommandException {
        send("prefetch", order);
    }

    @Command(
            name = "orders",
            description = "Lists orders and what has come of them.",
            mixinStandardHelpOptions = true)
    void orders() throws CommandException {
        get("orders").forEach(this::printOrder);
    }

    @Command(
            name = "takeback",
            description = "Takes an order back, which ends a pin.",
            mixinStandardHelpOptions = true)
    void takeBack(@Parameters(paramLabel = "ORDER") long order) throws CommandException {
        try (var catalog = adapters.catalog()) {
            if (catalog.call("DELETE", "orders/" + order, null).isEmpty()) {
                throw new CommandException("there is no order " + order);
            }
        }
        adapters.print("order " + order + ": taken back");
    }

    private void send(String kind, Order order) throws CommandException {
        ObjectNode body = JsonMapper.shared().createObjectNode().put("kind", kind);
        int at = order.version.lastIndexOf('@');
        if (at < 0) {
            body.put("adapter", order.version);
        } else {
            AliasTarget target = AliasTarget.parse(order.version);
            body.put("adapter", target.adapter()).put("version", target.version());
        }
        ArrayNode list = body.putArray("workers");
        if (order.workers == null) {
            list.add("*");
        } else {
            order.workers.forEach(list::add);
        }
        try (var catalog = adapters.catalog()) {
            catalog.call("POST", "orders", body)
                    .orElseThrow(() -> new CommandException("there is no such adapter or worker"))
                    .forEach(this::printOrder);
        }
    }

    private void printOrder(JsonNode order) {
        String failure = order.path("failure").asString("");
        adapters.print(
                "order %d: %s %s@%d at %s: %s%s"
                        .formatted(
                                order.path("id").asLong(),
                                order.path("kind").asString(""),
                                order.path("adapter").asString(""),
                                order.path("version").asInt(),
                                order.path("worker").asString(""),
                                order.path("state").asString(""),
                                failure.isEmpty() ? "" : " (" + failure + ")"));
    }

    private JsonNode get(String path) throws CommandException {
        try (var catalog = adapters.catalog()) {
            return catalog.call("GET", path, null)
                    .orElseThrow(() -> new CommandException("the catalog knows no " + path));
        }
    }
}
