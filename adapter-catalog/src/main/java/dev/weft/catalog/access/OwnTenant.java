package dev.weft.catalog.access;

import dev.weft.access.AccessChain;
import dev.weft.access.HolderAuthentication;
import dev.weft.access.Refusal;
import dev.weft.model.adapter.AdapterId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import reactor.core.publisher.Mono;

/** A rule: whoever belongs to a tenant asks for no other one's adapters. */
final class OwnTenant implements ReactiveAuthorizationManager<AuthorizationContext> {
    private static final AuthorizationResult GRANTED = new AuthorizationDecision(true);

    @Override
    public Mono<AuthorizationResult> authorize(
            Mono<Authentication> who, AuthorizationContext context) {
        List<String> asked =
                context.getExchange()
                        .getRequest()
                        .getQueryParams()
                        .getOrDefault(Requester.TENANT, List.of());
        return who.map(known -> decide((HolderAuthentication) known, asked, context));
    }

    private static AuthorizationResult decide(
            HolderAuthentication who, List<String> asked, AuthorizationContext context) {
        String own = who.holder().tenant();
        for (@Nullable String tenant : asked) {
            if (tenant == null || !AdapterId.isName(tenant)) {
                return denied(context, "tenant '" + tenant + "' is not allowed");
            }
            if (own != null && !own.equals(tenant)) {
                return denied(context, "'" + who.getName() + "' is of tenant '" + own + "'");
            }
        }
        return asked.size() > 1 ? denied(context, "tenant is given twice") : GRANTED;
    }

    private static AuthorizationResult denied(AuthorizationContext context, String why) {
        return AccessChain.deny(context, new Refusal(Refusal.Kind.NOT_ALLOWED, why));
    }
}
