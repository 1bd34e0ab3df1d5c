package dev.weft.standalone.usage;

import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.adapters.client.CatalogOptions;
import dev.weft.standalone.adapters.client.CatalogToken;
import dev.weft.standalone.adapters.client.TenantOption;
import dev.weft.standalone.failure.CommandException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code usage [--from DAY] [--to DAY] [--by GROUP,...]}. */
@Command(
        name = "usage",
        description = {
            "Shows what keys, tenants and adapters have used: requests, errors, tokens and cost.",
            "Commands send the token of the environment variable WEFT_TOKEN; a tenant's sees its"
                    + " own requests only."
        },
        mixinStandardHelpOptions = true)
public final class UsageCommand implements Callable<Integer> {
    @Mixin private CatalogOptions catalog = new CatalogOptions();

    @Option(
            names = "--from",
            paramLabel = "DAY",
            description = "First day, in UTC, e.g. 2026-11-01 (default: that of this month).")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "DAY", description = "Last day, in UTC (default: today).")
    private @Nullable String to;

    @Option(
            names = "--by",
            paramLabel = "GROUP",
            split = ",",
            defaultValue = "tenant,key,adapter",
            description =
                    "What sums are kept apart by: key, tenant, adapter, version, day (default:"
                            + " ${DEFAULT-VALUE}).")
    private List<String> groups = List.of();

    @Option(
            names = TenantOption.NAME,
            paramLabel = "TENANT",
            description = "Only requests of this tenant (default: the token's, or all).")
    private @Nullable String tenant;

    @Option(
            names = "--adapter",
            paramLabel = "NAME",
            description = "Only requests for adapters of that name.")
    private @Nullable String adapter;

    @ArgGroup private @Nullable Form form;

    @Spec private CommandSpec spec = CommandSpec.create();

    /** How it is printed. */
    static final class Form {
        @Option(names = "--csv", description = "Print a table with commas.")
        private boolean csv;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;
    }

    @Override
    public Integer call() throws CommandException {
        JsonNode usage = fetch();
        PrintWriter out = spec.commandLine().getOut();
        if (form != null && form.json) {
            out.println(
                    JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(usage));
        } else if (form != null && form.csv) {
            UsageListing.csv(usage.path("items")).forEach(out::println);
        } else {
            out.println(
                    "%s to %s (UTC)"
                            .formatted(
                                    usage.path("from").asString(""),
                                    usage.path("to").asString("")));
            UsageListing.table(usage.path("items"), groups).forEach(out::println);
        }
        out.flush();
        return 0;
    }

    /** All pages as one. */
    private JsonNode fetch() throws CommandException {
        try (CatalogClient client =
                catalog.open(CatalogToken.fromEnvironment().orElse(null), null)) {
            JsonNode page = page(client, "usage?" + query());
            ObjectNode all = JsonMapper.shared().createObjectNode();
            all.set("from", page.path("from"));
            all.set("to", page.path("to"));
            List<JsonNode> items = new ArrayList<>();
            page.path("items").forEach(items::add);
            while (page.path("next").isString()) {
                page = page(client, page.path("next").asString());
                page.path("items").forEach(items::add);
            }
            ArrayNode array = all.putArray("items");
            items.forEach(array::add);
            return all;
        }
    }

    private static JsonNode page(CatalogClient client, String path) throws CommandException {
        return client.call("GET", path, null)
                .orElseThrow(() -> new CommandException("the catalog keeps no usage"));
    }

    private String query() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("group", String.join(",", groups));
        parameters.put("from", from);
        parameters.put("to", to);
        parameters.put("tenant", tenant);
        parameters.put("adapter", adapter);
        return parameters.entrySet().stream()
                .filter(each -> each.getValue() != null)
                .map(each -> each.getKey() + "=" + encoded(String.valueOf(each.getValue())))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
