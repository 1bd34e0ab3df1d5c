package dev.weft.protocol.rollout;

import static dev.weft.protocol.json.RequiredField.required;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.Times;
import dev.weft.protocol.shadow.ShadowFiguresCodec;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reports of what was measured, as JSON; both ends use it. It keeps no state. */
public final class MeasureCodec {
    private static final JsonMapper JSON = JsonMapper.shared();

    private MeasureCodec() {}

    public static byte[] encode(MeasureReport report) {
        return JSON.writeValueAsBytes(
                new ReportJson(
                        report.instance(),
                        report.number(),
                        report.lines().stream().map(LineJson::of).toList(),
                        report.shadows().isEmpty()
                                ? null
                                : report.shadows().stream().map(ShadowJson::of).toList()));
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is not a report; says why
     */
    public static MeasureReport decode(byte[] json) {
        try {
            ReportJson read = JSON.readValue(json, ReportJson.class);
            if (read == null) {
                throw new IllegalArgumentException("null is not a report");
            }
            return new MeasureReport(
                    required(read.instance, "instance"),
                    read.number,
                    required(read.lines, "lines").stream()
                            .map(line -> required(line, "lines[]").line())
                            .toList(),
                    read.shadows == null
                            ? List.of()
                            : read.shadows.stream()
                                    .map(shadow -> required(shadow, "shadows[]").shadow())
                                    .toList());
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "a report can't be read: " + e.getOriginalMessage(), e);
        }
    }

    private record ReportJson(
            @Nullable String instance,
            long number,
            @Nullable List<LineJson> lines,
            @Nullable List<ShadowJson> shadows) {}

    private record ShadowJson(long id, @Nullable JsonNode figures) {
        static ShadowJson of(MeasureReport.Shadow shadow) {
            return new ShadowJson(shadow.id(), ShadowFiguresCodec.json(shadow.figures()));
        }

        MeasureReport.Shadow shadow() {
            return new MeasureReport.Shadow(
                    id, ShadowFiguresCodec.read(required(figures, "figures")));
        }
    }

    private record IdJson(@Nullable String tenant, @Nullable String name) {
        static IdJson of(AdapterId id) {
            return new IdJson(id.tenant(), id.name());
        }

        AdapterId id() {
            return new AdapterId(required(tenant, "tenant"), required(name, "name"));
        }
    }

    private record LineJson(
            @Nullable IdJson model,
            @Nullable IdJson adapter,
            int number,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long revision,
            long requests,
            long failures,
            @Nullable SortedMap<Integer, Long> firstToken,
            @Nullable SortedMap<Integer, Long> perToken) {
        static LineJson of(MeasureReport.Line line) {
            MeasuredVersion version = line.version();
            Measured measured = line.measured();
            return new LineJson(
                    IdJson.of(version.name()),
                    IdJson.of(version.adapter()),
                    version.number(),
                    version.revision() == 0 ? null : (Long) version.revision(),
                    measured.requests(),
                    measured.failures(),
                    measured.firstToken().counts(),
                    measured.perToken().counts());
        }

        MeasureReport.Line line() {
            return new MeasureReport.Line(
                    new MeasuredVersion(
                            required(model, "model").id(),
                            required(adapter, "adapter").id(),
                            number,
                            revision == null ? 0 : revision),
                    new Measured(
                            requests,
                            failures,
                            new Times(counts(firstToken, "firstToken")),
                            new Times(counts(perToken, "perToken"))));
        }

        private static SortedMap<Integer, Long> counts(
                @Nullable SortedMap<Integer, Long> read, String field) {
            SortedMap<Integer, Long> counts = required(read, field);
            counts.values().forEach(count -> required(count, field));
            return counts;
        }
    }
}
