package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditTable;
import dev.weft.catalog.audit.AuditedChange;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.rollout.judge.Bound;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Begins and ends shadows. The shadow and the entry in the audit log change within the caller's
 * transaction, which has locked the row of a shadow that ends. Any thread.
 */
final class ShadowMoves {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowMoves.class);

    private final Clock clock;
    private final ShadowStateMetrics metrics;

    ShadowMoves(Clock clock, ShadowStateMetrics metrics) {
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Begins a shadow. */
    Shadow start(JdbcClient tx, Actor actor, Shadow shadow) {
        long id = ShadowTable.insert(tx, shadow);
        audit(tx, actor, "start", shadow, state(id, shadow));
        return ShadowTable.find(tx, shadow.alias().tenant(), id).orElseThrow();
    }

    /** Ends a shadow. */
    Shadow end(
            JdbcClient tx,
            Actor actor,
            Shadow shadow,
            Shadow.State state,
            String reason,
            @Nullable Bound bound) {
        Shadow ended = shadow.with(new Shadow.Progress(state, reason, bound, now()));
        ShadowTable.end(tx, ended);
        audit(tx, actor, state.name(), ended, state(ended.id(), ended));
        return ended;
    }

    private void audit(
            JdbcClient tx, Actor actor, String move, Shadow shadow, Map<String, Object> state) {
        AuditTable.write(
                tx, AuditedChange.of(actor, "shadow." + move, shadow.alias()), now(), null, state);
    }

    private static Map<String, Object> state(long id, Shadow shadow) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("shadow", id);
        state.put("from", shadow.from().toString());
        state.put("to", shadow.to().toString());
        state.put("state", shadow.progress().state());
        state.put("share", shadow.plan().copying().share());
        state.put("maxTokens", shadow.plan().copying().maxTokens());
        state.put("tokens", shadow.figures().tokens());
        if (shadow.progress().reason() != null) {
            state.put("reason", shadow.progress().reason());
        }
        return state;
    }

    /** Tells of a shadow that has begun or ended, once that is committed. */
    void tell(Shadow shadow) {
        metrics.moved(shadow.progress().state());
        String what =
                "shadow %d of alias '%s': %s beside %s"
                        .formatted(shadow.id(), shadow.alias().name(), shadow.to(), shadow.from());
        switch (shadow.progress().state()) {
            case running -> LOG.info("{}: start", what);
            case done, ended -> LOG.info("{}: {}", what, shadow.progress().reason());
            case worse, stopped ->
                    LOG.warn(
                            "{}: {}: {}",
                            what,
                            shadow.progress().state(),
                            shadow.progress().reason());
        }
    }

    Instant now() {
        return Rows.now(clock);
    }
}
