package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.rollout.compare.ListPage;
import io.swagger.v3.oas.annotations.media.Schema;
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
     * @param found what the page has, and one more if there is one
     */
    static ShadowPageBody of(List<Shadows.Shown> found, ListPage page, Requester requester) {
        List<ShadowBody> items = page.items(found).stream().map(ShadowBody::of).toList();
        return new ShadowPageBody(
                items,
                page.next(
                        "/admin/v1/shadows",
                        found,
                        items.isEmpty() ? 0 : items.getLast().id(),
                        requester));
    }
}
