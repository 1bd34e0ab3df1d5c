package dev.weft.protocol.usage;

import static dev.weft.protocol.json.RequiredField.required;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Batches of usage as JSON; both ends use it, and a gateway's journal. It keeps no state. */
public final class UsageCodec {
    /** The most bytes of a batch: its lines have at most some 1,300 each, and 400 as a rule. */
    public static final int MOST_BYTES = 4 << 20;

    private static final JsonMapper JSON = JsonMapper.shared();

    private UsageCodec() {}

    /** One line without a line feed, in UTF-8. */
    public static byte[] encode(UsageBatch batch) {
        return JSON.writeValueAsBytes(
                new BatchJson(
                        batch.instance(),
                        batch.number(),
                        batch.lines().stream().map(LineJson::of).toList()));
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is not a batch; says why
     */
    public static UsageBatch decode(byte[] json) {
        try {
            BatchJson read = JSON.readValue(json, BatchJson.class);
            if (read == null) {
                throw new IllegalArgumentException("null is not a batch");
            }
            return new UsageBatch(
                    required(read.instance, "instance"),
                    read.number,
                    required(read.lines, "lines").stream().map(LineJson::line).toList());
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "a batch of usage can't be read: " + e.getOriginalMessage(), e);
        }
    }

    private record BatchJson(
            @Nullable String instance, long number, @Nullable List<LineJson> lines) {}

    private record LineJson(
            @Nullable String day,
            long key,
            @Nullable String name,
            @Nullable String tenant,
            @Nullable String base,
            @Nullable AdapterJson adapter,
            @Nullable UsageCounts counts) {
        static LineJson of(UsageBatch.Line line) {
            UsageSubject subject = line.subject();
            return new LineJson(
                    subject.day().toString(),
                    subject.payer().key(),
                    subject.payer().name(),
                    subject.payer().tenant(),
                    subject.used().base(),
                    AdapterJson.of(subject.used().adapter()),
                    line.counts());
        }

        UsageBatch.Line line() {
            try {
                return new UsageBatch.Line(
                        new UsageSubject(
                                LocalDate.parse(required(day, "day")),
                                new Payer(key, required(name, "name"), required(tenant, "tenant")),
                                new Used(
                                        required(base, "base"),
                                        adapter == null ? null : adapter.version())),
                        required(counts, "counts"));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("day '" + day + "' is not a date", e);
            }
        }
    }

    private record AdapterJson(
            @Nullable String tenant, @Nullable String name, int number, @Nullable String digest) {
        static @Nullable AdapterJson of(Used.@Nullable Version version) {
            return version == null
                    ? null
                    : new AdapterJson(
                            version.id().tenant(),
                            version.id().name(),
                            version.number(),
                            version.digest().toString());
        }

        Used.Version version() {
            return new Used.Version(
                    new AdapterId(
                            required(tenant, "adapter.tenant"), required(name, "adapter.name")),
                    number,
                    AdapterDigest.parse(required(digest, "adapter.digest")));
        }
    }
}
