package dev.weft.standalone.chat;

import dev.weft.protocol.sse.EventReader;
import dev.weft.protocol.sse.EventWriter;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.http.CommandClients;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Streams chat completions. Calls block. For one thread. */
final class ChatClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_BYTE = Duration.ofMinutes(5);

    /** One message of a conversation. */
    record Message(String role, String content) {}

    private final URI completions;
    private final @Nullable String key;
    private final HttpClient http;

    /**
     * @param gateway its address
     * @param key of the tenant; null for none
     * @param http client for the requests
     */
    ChatClient(URI gateway, @Nullable String key, HttpClient.Builder http) {
        this.key = key;
        this.http = http.connectTimeout(CONNECT_TIMEOUT).build();
        this.completions = gateway.resolve("/v1/chat/completions");
    }

    /** Asks for the next message and passes its text on piece by piece; returns the whole text. */
    String ask(String model, List<Message> conversation, Consumer<String> piece)
            throws CommandException {
        HttpRequest.Builder asking =
                HttpRequest.newBuilder(completions)
                        .timeout(FIRST_BYTE)
                        .header("Content-Type", "application/json")
                        .header("Accept", "text/event-stream")
                        .POST(HttpRequest.BodyPublishers.ofString(body(model, conversation)));
        if (key != null) {
            asking.header("Authorization", "Bearer " + key);
        }
        try {
            HttpResponse<InputStream> response =
                    http.send(asking.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (var body = new ChatStream(response.body(), FIRST_BYTE)) {
                if (response.statusCode() != 200) {
                    throw refused(new String(body.readAllBytes(), StandardCharsets.UTF_8));
                }
                return read(body, new Answer(piece));
            }
        } catch (ChatStream.SilentException e) {
            throw new CommandException("the answer broke off: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandException(
                    "no answer from "
                            + completions
                            + " ("
                            + e.getClass().getSimpleName()
                            + "): is a gateway running? ./weft serve starts one, --gateway names"
                            + " another"
                            + CommandClients.hint(e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    private static String body(String model, List<Message> conversation) {
        ObjectNode body =
                JsonMapper.shared().createObjectNode().put("model", model).put("stream", true);
        ArrayNode messages = body.putArray("messages");
        conversation.forEach(
                m -> messages.addObject().put("role", m.role()).put("content", m.content()));
        return JsonMapper.shared().writeValueAsString(body);
    }

    private static String read(InputStream body, Answer answer)
            throws CommandException, IOException {
        var events = new EventReader();
        byte[] bytes = new byte[1 << 13];
        int count;
        while (!answer.done && (count = body.read(bytes)) >= 0) {
            events.read(ByteBuffer.wrap(bytes, 0, count), answer);
        }
        events.end(answer);
        if (!answer.done) {
            throw new CommandException("the answer broke off");
        }
        return answer.text.toString();
    }

    /** The answer so far. */
    private static final class Answer implements EventReader.Listener<CommandException> {
        private final StringBuilder text = new StringBuilder();
        private final Consumer<String> piece;
        private boolean done;

        Answer(Consumer<String> piece) {
            this.piece = piece;
        }

        @Override
        public void event(String name, byte[] data, int length) throws CommandException {
            String json = new String(data, 0, length, StandardCharsets.UTF_8).strip();
            done |= json.equals(EventWriter.DONE);
            if (done) {
                return;
            }
            JsonNode event = JsonMapper.shared().readTree(json);
            if (event.has("error")) {
                throw refused(json);
            }
            String more = event.at("/choices/0/delta/content").asString("");
            text.append(more);
            piece.accept(more);
        }
    }

    private static CommandException refused(String body) {
        try {
            String message = JsonMapper.shared().readTree(body).at("/error/message").asString("");
            return new CommandException(message.isEmpty() ? body : message);
        } catch (JacksonException _) {
            return new CommandException(body);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
