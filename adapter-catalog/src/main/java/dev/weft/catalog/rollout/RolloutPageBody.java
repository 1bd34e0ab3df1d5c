package dev.weft.catalog.rollout;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of rollouts. */
@Schema(
        name = "RolloutPage",
        description = "Rollouts, newest first",
        requiredProperties = {"items", "next"})
record RolloutPageBody(
        @Schema(description = "The rollouts of this page") List<RolloutBody> items,
        @Schema(
                        types = {"string", "null"},
                        description = "Address of the next page; null after the last one")
                @Nullable String next) {
    /**
     * @param found up to one more than {@code size}
     */
    static RolloutPageBody of(List<Rollouts.Shown> found, int size, @Nullable String alias) {
        List<RolloutBody> items = found.stream().limit(size).map(RolloutBody::of).toList();
        String only =
                alias == null ? "" : "&alias=" + URLEncoder.encode(alias, StandardCharsets.UTF_8);
        return new RolloutPageBody(
                items,
                found.size() > size
                        ? "/admin/v1/rollouts?size="
                                + size
                                + only
                                + "&before="
                                + items.getLast().id()
                        : null);
    }
}
