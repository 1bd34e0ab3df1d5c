package dev.weft.catalog.usage;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The columns of {@code usage_days} by which sums may be grouped. */
enum UsageColumn {
    used_on,
    tenant,
    key_id,
    key_name,
    base,
    adapter_tenant,
    adapter,
    number,
    digest;

    /** The value of this column in a sum that is grouped by it. */
    Object of(UsageSum sum) {
        UsageSum.Model model = sum.model();
        @Nullable Object value =
                switch (this) {
                    case used_on -> sum.day();
                    case tenant -> sum.tenant();
                    case key_id -> sum.key();
                    case key_name -> sum.keyName();
                    case base -> model == null ? null : model.base();
                    case adapter_tenant -> model == null ? null : model.owner();
                    case adapter -> model == null ? null : model.adapter();
                    case number -> model == null ? null : model.number();
                    case digest -> model == null ? null : model.digest();
                };
        return Objects.requireNonNull(value, name());
    }

    /** A value of this column in JSON; empty if it can't be one. */
    Optional<Object> read(JsonNode value) {
        return switch (this) {
            case used_on -> value.isString() ? day(value.asString()) : Optional.empty();
            case key_id ->
                    value.isIntegralNumber() && value.canConvertToLong()
                            ? Optional.of(value.longValue())
                            : Optional.empty();
            case number ->
                    value.isIntegralNumber() && value.canConvertToInt()
                            ? Optional.of(value.intValue())
                            : Optional.empty();
            case tenant, key_name, base, adapter_tenant, adapter, digest ->
                    value.isString() ? Optional.of(value.asString()) : Optional.empty();
        };
    }

    private static Optional<Object> day(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
