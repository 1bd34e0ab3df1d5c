package dev.weft.catalog.audit;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A page of the audit log. */
@Schema(
        name = "AuditPage",
        description = "Changes, newest first",
        requiredProperties = {"items", "next"})
record AuditPageBody(
        @Schema(description = "The changes of this page") List<Entry> items,
        @Schema(
                        types = {"string", "null"},
                        description = "Address of the next page; null after the last one")
                @Nullable String next) {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /** A change. */
    @Schema(
            name = "AuditEntry",
            description = "A change",
            requiredProperties = {"id", "at", "actor", "action", "subject", "before", "after"})
    record Entry(
            @Schema(description = "Grows with every change") long id,
            @Schema(description = "When it was made") Instant at,
            @Schema(description = "Who made it", example = "anonymous") String actor,
            @Schema(description = "What was done", example = "alias.set") String action,
            @Schema(description = "What it was done to", example = "sql-prod") String subject,
            @Schema(
                            types = {"object", "null"},
                            description = "What there was; null if there was nothing")
                    @Nullable Map<String, Object> before,
            @Schema(
                            types = {"object", "null"},
                            description = "What there is; null if nothing is left")
                    @Nullable Map<String, Object> after) {
        static Entry of(AuditEntry entry) {
            return new Entry(
                    entry.id(),
                    entry.at(),
                    entry.change().actor().name(),
                    entry.change().action(),
                    entry.change().subject(),
                    json(entry.before()),
                    json(entry.after()));
        }
    }

    private static @Nullable Map<String, Object> json(@Nullable String text) {
        return text == null ? null : JsonMapper.shared().readValue(text, OBJECT);
    }

    /**
     * @param found up to one more than {@code size}
     */
    static AuditPageBody of(List<AuditEntry> found, int size, Requester requester) {
        List<Entry> items = found.stream().limit(size).map(Entry::of).toList();
        return new AuditPageBody(
                items,
                found.size() > size
                        ? requester.address(
                                "/admin/v1/audit?size=" + size + "&before=" + items.getLast().id())
                        : null);
    }
}
