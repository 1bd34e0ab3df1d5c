package dev.weft.catalog.rollout.shadow;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of shadows. */
@Schema(
        name = "ShadowPage",
        description = "Shadows, newest first",
        requiredProperties = {"items", "next"})
record ShadowPageBody(
        @Schema(description = "The shadows of this page") List<ShadowBody> items,
        @Schema(
                        types = {"string", "null"},
                        description = "Address of the next page; null after the last one")
                @Nullable String next) {
    /**
     * @param found up to one more than {@code size}
     */
    static ShadowPageBody of(List<Shadows.Shown> found, int size, @Nullable String alias) {
        List<ShadowBody> items = found.stream().limit(size).map(ShadowBody::of).toList();
        String only =
                alias == null ? "" : "&alias=" + URLEncoder.encode(alias, StandardCharsets.UTF_8);
        return new ShadowPageBody(
                items,
                found.size() > size
                        ? "/admin/v1/shadows?size="
                                + size
                                + only
                                + "&before="
                                + items.getLast().id()
                        : null);
    }
}
