package dev.weft.catalog.token;

import dev.weft.catalog.audit.Actor;
import dev.weft.catalog.audit.AuditTable;
import dev.weft.catalog.audit.AuditedChange;
import dev.weft.protocol.adapter.AdapterId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Entries of the audit log about tokens. They hold no secret and no hash. */
final class TokenAudit {
    private TokenAudit() {}

    /** Writes an action on a token, with no state before it. */
    static void done(JdbcClient tx, Actor actor, String action, Token token, Instant now) {
        AuditTable.write(tx, change(actor, action, token), now, null, shown(token));
    }

    /** Writes a change of a token, with its states before and after. */
    static void changed(JdbcClient tx, Actor actor, Token before, Token after, Instant now) {
        AuditTable.write(
                tx, change(actor, "token.change", before), now, shown(before), shown(after));
    }

    private static AuditedChange change(Actor actor, String action, Token token) {
        String tenant = token.tenant() == null ? AdapterId.DEFAULT_TENANT : token.tenant();
        return new AuditedChange(actor, tenant, action, token.name());
    }

    private static Map<String, Object> shown(Token token) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", token.id());
        shown.put("role", token.role().name());
        if (token.times().expires() != null) {
            shown.put("expires", token.times().expires());
        }
        if (!token.limits().isNone()) {
            shown.put("limits", token.limits());
        }
        return shown;
    }
}
