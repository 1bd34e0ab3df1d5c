package dev.weft.catalog.rollout;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.rollout.compare.ListPage;
import dev.weft.catalog.rollout.judge.ScoresBody;
import dev.weft.catalog.web.Parameters;
import dev.weft.protocol.adapter.AdapterId;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

/** Rollouts over HTTP. Handlers run on virtual threads and may block. */
@RestController
final class RolloutsController implements RolloutsApi {
    private final Rollouts rollouts;
    private final Bases bases;

    RolloutsController(Rollouts rollouts, Bases bases) {
        this.rollouts = rollouts;
        this.bases = bases;
    }

    @Override
    public ResponseEntity<RolloutBody> start(byte @Nullable [] body, Requester requester) {
        RolloutRequestBody.Request asked = RolloutRequestBody.read(body);
        AdapterId alias = requester.id(asked.alias());
        bases.names().check(alias);
        Rollouts.Shown started =
                rollouts.start(requester.actor(), alias, asked.from(), asked.to(), asked.plan());
        return ResponseEntity.created(
                        URI.create(
                                requester.address("/admin/v1/rollouts/" + started.rollout().id())))
                .body(RolloutBody.of(started));
    }

    @Override
    public RolloutPageBody list(
            @Nullable String alias,
            @Nullable String size,
            @Nullable String before,
            Requester requester) {
        ListPage page = ListPage.asked(requester.tenant(), alias, size, before);
        return RolloutPageBody.of(rollouts.list(page), page, requester);
    }

    @Override
    public RolloutBody get(String id, Requester requester) {
        return RolloutBody.of(rollouts.find(requester.tenant(), number(id)));
    }

    @Override
    public RolloutBody pause(String id, Requester requester) {
        return RolloutBody.of(rollouts.pause(requester.actor(), requester.tenant(), number(id)));
    }

    @Override
    public RolloutBody resume(String id, Requester requester) {
        return RolloutBody.of(rollouts.resume(requester.actor(), requester.tenant(), number(id)));
    }

    @Override
    public RolloutBody score(String id, byte @Nullable [] body, Requester requester) {
        return RolloutBody.of(
                rollouts.score(requester.tenant(), number(id), ScoresBody.read(body)));
    }

    @Override
    public RolloutBody end(String id, Requester requester) {
        return RolloutBody.of(rollouts.giveBack(requester.actor(), requester.tenant(), number(id)));
    }

    private static long number(String id) {
        return Parameters.id("rollout", id);
    }
}
