package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.rollout.compare.ListPage;
import dev.weft.catalog.web.Parameters;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

/** Shadows over HTTP. Handlers run on virtual threads and may block. */
@RestController
final class ShadowsController implements ShadowsApi {
    private final Shadows shadows;

    ShadowsController(Shadows shadows) {
        this.shadows = shadows;
    }

    @Override
    public ResponseEntity<ShadowBody> start(byte @Nullable [] body, Requester requester) {
        ShadowRequestBody.Request asked = ShadowRequestBody.read(body);
        Shadows.Shown started =
                shadows.start(
                        requester.actor(), requester.id(asked.alias()), asked.to(), asked.plan());
        return ResponseEntity.created(
                        URI.create(requester.address("/admin/v1/shadows/" + started.shadow().id())))
                .body(ShadowBody.of(started));
    }

    @Override
    public ShadowPageBody list(
            @Nullable String alias,
            @Nullable String size,
            @Nullable String before,
            Requester requester) {
        ListPage page = ListPage.asked(requester.tenant(), alias, size, before);
        return ShadowPageBody.of(shadows.list(page), page, requester);
    }

    @Override
    public ShadowBody get(String id, Requester requester) {
        return ShadowBody.of(shadows.find(requester.tenant(), Parameters.id("shadow", id)));
    }

    @Override
    public ShadowBody end(String id, Requester requester) {
        return ShadowBody.of(
                shadows.end(requester.actor(), requester.tenant(), Parameters.id("shadow", id)));
    }
}
