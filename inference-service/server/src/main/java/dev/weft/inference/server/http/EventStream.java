package dev.weft.inference.server.http;

import dev.weft.model.error.ApiException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * One answer as server-sent events: {@code data: {json}}, at the end {@code data: [DONE]}; an error
 * instead of it where the answer broke off, so that no client takes it for complete. Used by one
 * thread at a time.
 */
final class EventStream {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ERROR = "event: error\ndata: ".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

    private final AnswerFormat format;
    private final boolean includeUsage;
    private boolean begun;

    EventStream(AnswerFormat format, boolean includeUsage) {
        this.format = format;
        this.includeUsage = includeUsage;
    }

    /** Something was written: from now on errors are events. */
    boolean begun() {
        return begun;
    }

    /** Bytes for what has come; empty where it shows nothing. */
    byte[] write(AnswerEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(384);
        if (!begun) {
            begun = true;
            data(out, format.begin());
        }
        switch (event) {
            case AnswerEvent.Update(var update) -> data(out, format.update(update));
            case AnswerEvent.Done(var usage) -> {
                if (includeUsage) {
                    data(out, List.of(format.usage(usage)));
                }
                out.writeBytes(DONE);
            }
        }
        return out.toByteArray();
    }

    /** The last event of an answer that broke off. */
    static byte[] error(ApiException error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(384);
        out.writeBytes(ERROR);
        out.writeBytes(JSON.writeValueAsBytes(error.envelope()));
        out.writeBytes(END);
        return out.toByteArray();
    }

    private static void data(ByteArrayOutputStream out, List<byte[]> documents) {
        for (byte[] document : documents) {
            out.writeBytes(DATA);
            out.writeBytes(document);
            out.writeBytes(END);
        }
    }
}
