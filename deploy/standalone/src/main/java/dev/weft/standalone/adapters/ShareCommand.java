package dev.weft.standalone.adapters;

import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.failure.CommandException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adapters share NAME [TENANT...]}. */
@Command(
        name = "share",
        description = "Says which other tenants may use an adapter; none takes it back.",
        mixinStandardHelpOptions = true)
final class ShareCommand implements Callable<Integer> {
    @ParentCommand private AdaptersCommand adapters = new AdaptersCommand();

    @Parameters(index = "0", paramLabel = "NAME")
    private String name = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "TENANT",
            description = "Tenants; '*' stands for all.")
    private List<String> tenants = List.of();

    @Override
    public Integer call() throws CommandException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode list = body.putArray("tenants");
        tenants.forEach(list::add);
        try (var catalog = adapters.catalog()) {
            JsonNode adapter =
                    catalog.call(
                                    "PUT",
                                    "adapters/" + CatalogClient.segment(name) + "/sharing",
                                    body)
                            .orElseThrow(() -> new CommandException("there is no adapter " + name));
            adapters.print(name + ": shared with " + adapter.path("sharedWith"));
        }
        return 0;
    }
}
