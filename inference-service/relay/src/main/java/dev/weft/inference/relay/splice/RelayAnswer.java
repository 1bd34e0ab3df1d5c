package dev.weft.inference.relay.splice;

import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.protocol.usage.TokenCount;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Answers in one piece on their way to a client, and the names that change in them. */
public final class RelayAnswer {
    private static final String QUOTE_BEFORE = "(?<=[\"'`])";
    private static final String QUOTE_BEHIND = "(?=[\\\\\"'`])";

    private final String server;
    private final String quoted;
    private final boolean inputIsWhole;

    /**
     * @param server the server's name of the model
     * @param client the client's
     * @param inputIsWhole whether the input tokens that {@code /v1/messages} tells include those
     *     from a cache; Anthropic tells them apart
     */
    public RelayAnswer(String server, String client, boolean inputIsWhole) {
        this.server = server;
        this.inputIsWhole = inputIsWhole;
        this.quoted = JsonMapper.shared().writeValueAsString(client);
    }

    /** The client's name as a JSON string, with its quotation marks. */
    String quoted() {
        return quoted;
    }

    boolean inputIsWhole() {
        return inputIsWhole;
    }

    /**
     * An answer as the client gets it.
     *
     * @param count empty if the answer doesn't tell its tokens
     * @param ends how its choices end, in the server's words; empty if it doesn't tell
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    public record Told(byte[] body, Optional<TokenCount> count, List<String> ends) {}

    /** A whole answer; one that is no JSON object or array stays as it is. */
    public Told whole(byte[] body) {
        return AnswerJson.read(body, this)
                .map(answer -> new Told(answer.changed(true), answer.count(), answer.ends()))
                .orElseGet(() -> new Told(body, Optional.empty(), List.of()));
    }

    /**
     * An error's body: if it names the model, it has the client's name. An adapter's name equals no
     * other word. A base's name may, so it counts only between quotation marks.
     */
    public byte[] error(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (!text.contains(server)) {
            return body;
        }
        String client = quoted.substring(1, quoted.length() - 1);
        String changed =
                server.contains(RelayName.PREFIX)
                        ? text.replace(server, client)
                        : Pattern.compile(QUOTE_BEFORE + Pattern.quote(server) + QUOTE_BEHIND)
                                .matcher(text)
                                .replaceAll(Matcher.quoteReplacement(client));
        return changed.getBytes(StandardCharsets.UTF_8);
    }
}
