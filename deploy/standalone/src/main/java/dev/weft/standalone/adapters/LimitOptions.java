package dev.weft.standalone.adapters;

import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongInputException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The options that limit a key; {@code none} takes a limit away. */
final class LimitOptions {
    private static final String NONE = "none";

    @Option(
            names = "--models",
            paramLabel = "PATTERN",
            split = ",",
            description =
                    "Only models of these names, in which * stands for any characters; or none.")
    private @Nullable List<String> models;

    @Option(
            names = "--requests-per-minute",
            paramLabel = "N",
            description = "Requests in a minute, or none.")
    private @Nullable String requests;

    @Option(
            names = "--tokens-per-minute",
            paramLabel = "N",
            description = "Tokens of prompts and answers in a minute, or none.")
    private @Nullable String tokens;

    @Option(
            names = "--concurrent-streams",
            paramLabel = "N",
            description = "Streams at once, or none.")
    private @Nullable String streams;

    @Option(
            names = "--budget-tokens",
            paramLabel = "N",
            description = "Tokens of prompts and answers in a calendar month, or none.")
    private @Nullable String budgetTokens;

    @Option(
            names = "--budget-money",
            paramLabel = "AMOUNT",
            description =
                    "Cost in a calendar month, in the unit of weft.gateway.usage.prices, or none."
                            + " Both budgets are set together.")
    private @Nullable String budgetMoney;

    @Option(
            names = "--priority",
            paramLabel = "PRIORITY",
            description =
                    "How soon its requests go if several wait: high, normal or low. Clients may"
                            + " ask for less.")
    private @Nullable String priority;

    /** Adds the fields that are given to a body. */
    void into(ObjectNode body) throws CommandException {
        if (models != null) {
            ArrayNode list = body.putArray("models");
            models.stream().filter(model -> !model.equals(NONE)).forEach(list::add);
        }
        number(body, "requestsPerMinute", "--requests-per-minute", requests);
        number(body, "tokensPerMinute", "--tokens-per-minute", tokens);
        number(body, "concurrentStreams", "--concurrent-streams", streams);
        if (priority != null) {
            body.put("priority", priority);
        }
        if (isNone(budgetTokens) && isNone(budgetMoney)) {
            if (budgetTokens != null || budgetMoney != null) {
                body.putNull("budget");
            }
            return;
        }
        ObjectNode budget = JsonMapper.shared().createObjectNode();
        number(budget, "tokens", "--budget-tokens", budgetTokens);
        number(budget, "money", "--budget-money", budgetMoney);
        body.set("budget", budget);
    }

    private static boolean isNone(@Nullable String value) {
        return value == null || value.equals(NONE);
    }

    private static void number(ObjectNode body, String field, String option, @Nullable String value)
            throws CommandException {
        if (value == null) {
            return;
        }
        if (value.equals(NONE)) {
            body.putNull(field);
            return;
        }
        try {
            body.put(field, new BigDecimal(value));
        } catch (NumberFormatException _) {
            throw new WrongInputException(
                    option + " '" + value + "' is not allowed; allowed: a number, or none");
        }
    }
}
