package dev.weft.inference.relay.splice;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.sse.EventWriter;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * One stream of events on its way to a client, from pieces that are cut anywhere. Whole events
 * pass, with the client's model; what the client did not ask for is left out. One thread at a time.
 */
public final class RelayStream {
    /** No model sends a longer event. */
    private static final int LONGEST = 32 << 20;

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final Set<String> ENDS =
            Set.of("message_stop", "response.completed", "response.incomplete");
    private static final Set<String> FAILURES = Set.of("error", "response.failed");

    private final RelayAnswer names;
    private final Wanted wanted;
    private final ChoiceCounts counts;

    /** Events with a part of the answer, of interfaces that tell their tokens at the end. */
    private long deltas;

    private byte[] rest = {};
    private long events;
    private boolean ended;
    private boolean failed;

    /**
     * What the client and the gateway want.
     *
     * @param usage whether the tokens are told at the end
     * @param usageInEachEvent whether each event tells them
     * @param notes whether comments tell a gateway the count so far, and errors
     * @param choices answers to each prompt, 1 or more
     */
    public record Wanted(boolean usage, boolean usageInEachEvent, boolean notes, int choices) {}

    public RelayStream(RelayAnswer names, Wanted wanted) {
        this.names = names;
        this.wanted = wanted;
        this.counts = new ChoiceCounts(wanted.choices());
    }

    /**
     * Takes a piece.
     *
     * @return what the client gets; empty while no event is whole
     * @throws ApiException {@code WORKER_FAILED} if an event is longer than any model's
     */
    public byte[] take(byte[] piece) {
        byte[] all = piece;
        if (rest.length > 0) {
            all = Arrays.copyOf(rest, rest.length + piece.length);
            System.arraycopy(piece, 0, all, rest.length, piece.length);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(all.length + 64);
        int from = 0;
        for (int to = endOfEvent(all, from); to > 0; to = endOfEvent(all, from)) {
            event(Arrays.copyOfRange(all, from, to), out);
            from = to;
        }
        rest = Arrays.copyOfRange(all, from, all.length);
        if (rest.length > LONGEST) {
            throw new ApiException(
                    ErrorCode.WORKER_FAILED,
                    "the server sent an event of over " + LONGEST + " bytes");
        }
        return out.toByteArray();
    }

    /** Whether the event that ends an answer has come, or one that says why there is none. */
    public boolean ended() {
        return ended || failed;
    }

    /** True if the server has told an error within it. */
    public boolean failed() {
        return failed;
    }

    /** Events with data that the server has sent. */
    public long events() {
        return events;
    }

    /**
     * The tokens told so far, of all prompts and choices; empty if the server told none. Until an
     * answer of {@code /v1/responses} or {@code /v1/messages} tells its own, each event with a part
     * of it counts as one token, since a client may leave before the end.
     */
    public Optional<TokenCount> count() {
        Optional<TokenCount> told = counts.told();
        if (deltas == 0 || told.filter(count -> count.output() > 0).isPresent()) {
            return told;
        }
        return Optional.of(new TokenCount(told.map(TokenCount::input).orElse(0L), deltas));
    }

    private void event(byte[] event, ByteArrayOutputStream out) {
        int data = dataOf(event);
        if (data < 0) {
            out.writeBytes(event);
            return;
        }
        events++;
        int end = endOfLine(event, data);
        byte[] text = Arrays.copyOfRange(event, data, end);
        if (isDone(text)) {
            ended = true;
            note(out);
            out.writeBytes(event);
            return;
        }
        Optional<AnswerJson> read = AnswerJson.read(text, names);
        if (read.isEmpty()) {
            note(out);
            out.writeBytes(event);
            return;
        }
        object(read.get(), text, new Frame(event, data, end), out);
    }

    /** An event, and where its data lies. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Frame(byte[] event, int from, int to) {
        void write(byte[] data, ByteArrayOutputStream out) {
            out.write(event, 0, from);
            out.writeBytes(data);
            out.write(event, to, event.length - to);
        }
    }

    private void object(AnswerJson answer, byte[] text, Frame frame, ByteArrayOutputStream out) {
        count(answer);
        boolean wrong = answer.isError() || FAILURES.contains(answer.type());
        if (wrong) {
            failed = true;
            if (wanted.notes()) {
                out.writeBytes(AnswerNotes.errorLine(ErrorCode.WORKER_FAILED));
            }
            frame.write(names.error(text), out);
            return;
        }
        if (answer.isUsageAlone() && !wanted.usage()) {
            return;
        }
        note(out);
        boolean keeps = wanted.usageInEachEvent() || answer.isUsageAlone() || isItsOwn(answer);
        frame.write(answer.changed(keeps), out);
        if (ENDS.contains(answer.type())) {
            ended = true;
            if (wanted.notes() && answer.type().startsWith("response.")) {
                out.writeBytes(new EventWriter(16).over().toByteArray());
            }
        }
    }

    /** Events of {@code /v1/messages} and {@code /v1/responses} tell tokens unasked. */
    private static boolean isItsOwn(AnswerJson answer) {
        return !answer.type().isEmpty();
    }

    private static boolean isDelta(String type) {
        return type.equals("content_block_delta")
                || (type.startsWith("response.") && type.endsWith(".delta"));
    }

    private void count(AnswerJson answer) {
        if (isDelta(answer.type())) {
            deltas++;
        }
        Optional<TokenCount> told = answer.count();
        if (told.isEmpty()) {
            return;
        }
        if (answer.isUsageAlone()) {
            counts.tellAll(told.get());
        } else {
            counts.tell(answer.choice(), told.get());
        }
    }

    private void note(ByteArrayOutputStream out) {
        if (wanted.notes()) {
            count().ifPresent(count -> out.writeBytes(AnswerNotes.usageLine(count)));
        }
    }

    private static boolean isDone(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).strip().equals(EventWriter.DONE);
    }

    /** Index of an event's data if it has one line of it; -1 if it has none, or several. */
    private static int dataOf(byte[] event) {
        int data = -1;
        for (int line = 0; line < event.length; line = afterLine(event, line)) {
            if (startsWith(event, line)) {
                if (data >= 0) {
                    return -1;
                }
                data = line + DATA.length;
            }
        }
        return data;
    }

    private static boolean startsWith(byte[] event, int at) {
        return event.length - at >= DATA.length
                && Arrays.equals(event, at, at + DATA.length, DATA, 0, DATA.length);
    }

    private static int endOfLine(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private static int afterLine(byte[] bytes, int from) {
        int end = endOfLine(bytes, from);
        if (end >= bytes.length) {
            return bytes.length;
        }
        boolean pair = bytes[end] == '\r' && end + 1 < bytes.length && bytes[end + 1] == '\n';
        return end + (pair ? 2 : 1);
    }

    /** Index after the next empty line; 0 if there is none. */
    private static int endOfEvent(byte[] bytes, int from) {
        int line = from;
        while (line < bytes.length) {
            int end = endOfLine(bytes, line);
            if (end >= bytes.length || (bytes[end] == '\r' && end + 1 == bytes.length)) {
                return 0; // a line feed may follow
            }
            int after = afterLine(bytes, line);
            if (end == line) {
                return after;
            }
            line = after;
        }
        return 0;
    }
}
