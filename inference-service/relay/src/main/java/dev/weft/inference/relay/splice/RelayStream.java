package dev.weft.inference.relay.splice;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.sse.EventWriter;
import dev.weft.protocol.usage.AnswerNotes;
import dev.weft.protocol.usage.TokenCount;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * One stream of events on its way to a client, from pieces that are cut anywhere. Whole events
 * pass, with the client's model; what the client did not ask for is left out. Nothing passes behind
 * an error, since clients take an end such as {@code [DONE]} for a good one. One thread at a time.
 */
public final class RelayStream {
    /** No model sends a longer event. */
    private static final int LONGEST = 32 << 20;

    /** Blanks may stand around the word. */
    private static final int LONGEST_DONE = 64;

    /**
     * Bytes of memory for each byte of the buffer: the buffer, an event's data, the data with
     * another model, and the client's bytes, which exist twice while they are copied.
     */
    private static final int BYTES_PER_BUFFERED_BYTE = 5;

    private static final byte[] NOTHING = {};
    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final Set<String> ENDS =
            Set.of("message_stop", "response.completed", "response.incomplete");
    private static final Set<String> FAILURES = Set.of("error", "response.failed");

    private final RelayAnswer names;
    private final Wanted wanted;
    private final ChoiceCounts counts;

    /**
     * Number of events with a part of the answer, if the interface tells its tokens only at the
     * end.
     */
    private long deltas;

    private final EventBuffer buffer;
    private final List<String> ends = new ArrayList<>();
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

    /**
     * @param memory gets the bytes by which the stream's memory grows, until the request ends;
     *     throws if there is no memory for them
     */
    public RelayStream(RelayAnswer names, Wanted wanted, LongConsumer memory) {
        this.names = names;
        this.buffer = new EventBuffer(bytes -> memory.accept(BYTES_PER_BUFFERED_BYTE * bytes));
        this.wanted = wanted;
        this.counts = new ChoiceCounts(wanted.choices());
    }

    /**
     * Takes a piece.
     *
     * @return what the client gets; empty while no event is whole
     * @throws ApiException {@code REQUEST_FAILED} if an event is longer than any model's, as it is
     *     if a client's long request comes back in it; also what the account of memory throws
     */
    public byte[] take(byte[] piece) {
        buffer.add(piece);
        int from = 0;
        int to = buffer.endOfEvent();
        if (to == 0) {
            check();
            return NOTHING;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(buffer.length() + 64);
        for (; to > 0; to = buffer.endOfEvent()) {
            event(buffer.bytes(), from, to, out);
            from = to;
        }
        buffer.drop(from);
        check();
        return out.toByteArray();
    }

    private void check() {
        if (buffer.length() > LONGEST) {
            throw new ApiException(
                    ErrorCode.REQUEST_FAILED,
                    "The server beside the worker sent an event of over " + LONGEST + " bytes");
        }
    }

    /** Whether the last event of an answer has come, or an event with an error. */
    public boolean ended() {
        return ended || failed;
    }

    /** True if the server has told an error within it. */
    public boolean failed() {
        return failed;
    }

    /** How its choices have ended, in the server's words. */
    public List<String> ends() {
        return ends;
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

    private void event(byte[] bytes, int from, int to, ByteArrayOutputStream out) {
        int data = dataOf(bytes, from, to);
        if (data < 0) {
            if (!failed) {
                out.write(bytes, from, to - from);
            }
            return;
        }
        events++;
        int end = EventLines.end(bytes, data, to);
        byte[] text = Arrays.copyOfRange(bytes, data, end);
        boolean done = isDone(text);
        ended |= done;
        Optional<AnswerJson> read = done ? Optional.empty() : AnswerJson.read(text, names);
        if (read.isPresent()) {
            object(read.get(), text, new Frame(bytes, from, data, end, to), out);
        } else if (!failed) {
            note(out);
            out.write(bytes, from, to - from);
        }
    }

    /** An event in a buffer, and where its data lies. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Frame(byte[] bytes, int from, int data, int end, int to) {
        void write(byte[] changed, ByteArrayOutputStream out) {
            out.write(bytes, from, data - from);
            out.writeBytes(changed);
            out.write(bytes, end, to - end);
        }
    }

    private void object(AnswerJson answer, byte[] text, Frame frame, ByteArrayOutputStream out) {
        count(answer);
        ends.addAll(answer.ends());
        if (failed) {
            return;
        }
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
        return text.length <= LONGEST_DONE
                && new String(text, StandardCharsets.UTF_8).strip().equals(EventWriter.DONE);
    }

    /** Index of an event's data if it has one line of it; -1 if it has none, or several. */
    private static int dataOf(byte[] bytes, int from, int to) {
        int data = -1;
        int line = from;
        while (line < to) {
            if (startsWith(bytes, line, to)) {
                if (data >= 0) {
                    return -1;
                }
                data = line + DATA.length;
            }
            line = EventLines.next(bytes, EventLines.end(bytes, line, to), to);
        }
        return data;
    }

    private static boolean startsWith(byte[] bytes, int at, int to) {
        return to - at >= DATA.length
                && Arrays.equals(bytes, at, at + DATA.length, DATA, 0, DATA.length);
    }
}
