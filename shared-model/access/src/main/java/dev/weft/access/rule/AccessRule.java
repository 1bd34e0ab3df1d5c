package dev.weft.access.rule;

import dev.weft.access.holder.Holder;
import dev.weft.access.holder.Role;
import dev.weft.access.refusal.Refusal;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Says who may use an address.
 *
 * @param method null for any
 * @param pattern of paths, as the router reads them
 * @param roles that may use it; none means everybody, known or not
 * @param more further objections to somebody whose role is enough
 */
public record AccessRule(
        @Nullable HttpMethod method,
        PathPattern pattern,
        Set<Role> roles,
        BiFunction<Holder, ServerWebExchange, Optional<Refusal>> more) {
    /** A rule for everybody. */
    public static AccessRule everybody(HttpMethod method, String path) {
        return new AccessRule(method, parse(path), EnumSet.noneOf(Role.class), AccessRule::nothing);
    }

    /** Rules for holders of one of several roles, by any method. */
    public static List<AccessRule> of(Set<Role> roles, String... paths) {
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("no role may use " + List.of(paths));
        }
        return List.of(paths).stream()
                .map(path -> new AccessRule(null, parse(path), roles, AccessRule::nothing))
                .toList();
    }

    private static PathPattern parse(String path) {
        return PathPatternParser.defaultInstance.parse(path);
    }

    private static Optional<Refusal> nothing(Holder holder, ServerWebExchange exchange) {
        return Optional.empty();
    }

    /** True for a request that the rule covers. */
    boolean fits(ServerHttpRequest request, PathContainer path) {
        return (method == null || method.equals(request.getMethod())) && pattern.matches(path);
    }

    /** True if it asks nobody for an identity. */
    boolean isForEverybody() {
        return roles.isEmpty();
    }
}
