package dev.weft.access.rule;

import dev.weft.access.holder.Holder;
import dev.weft.access.holder.Role;
import dev.weft.access.refusal.Refusal;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Rules on handlers: {@code @RolesAllowed} or {@code @PermitAll} on each method, or on its type.
 * They become rules of the chain, with the very patterns that lead to the handler. More specific
 * patterns come first, as in the router. A handler without a rule stops the start.
 */
public final class HandlerRules {
    private static final Set<Role> EVERYBODY = EnumSet.noneOf(Role.class);

    private final Map<PathPattern, Map<HttpMethod, Set<Role>>> rules =
            new TreeMap<>(Comparator.naturalOrder());

    private HandlerRules() {}

    /**
     * Reads the rules from all handlers of a package and of those below it.
     *
     * @throws IllegalStateException if a handler has no rule, or two have different ones for one
     *     address; names it
     */
    public static HandlerRules of(RequestMappingHandlerMapping handlers, String ofPackage) {
        HandlerRules made = new HandlerRules();
        handlers.getHandlerMethods()
                .forEach((mapping, handler) -> {
                    if (handler.getBeanType().getPackageName().startsWith(ofPackage)) {
                        made.add(mapping, handler);
                    }
                });
        return made;
    }

    /**
     * The rules in their order. The router refuses a method that its path does not know.
     *
     * @param more further objections to somebody whose role is enough
     */
    public List<AccessRule> rules(BiFunction<Holder, ServerWebExchange, Optional<Refusal>> more) {
        List<AccessRule> all = new ArrayList<>();
        rules.forEach((pattern, methods) ->
                methods.forEach(
                        (method, roles) -> all.add(new AccessRule(method, pattern, roles, more))));
        rules.forEach((pattern, methods) -> {
            Set<Role> any = EnumSet.noneOf(Role.class);
            methods.values().forEach(any::addAll);
            boolean open = methods.values().stream().anyMatch(Set::isEmpty);
            all.add(new AccessRule(null, pattern, open ? EVERYBODY : any, more));
        });
        return all;
    }

    /** Passes each rule on: its address, as {@code GET /path}, and its roles; none means all. */
    public void each(BiConsumer<String, Set<Role>> to) {
        rules.forEach((pattern, methods) ->
                methods.forEach((method, roles) ->
                        to.accept(method + " " + pattern.getPatternString(), roles)));
    }

    private void add(RequestMappingInfo mapping, HandlerMethod handler) {
        Set<Role> roles = roles(handler);
        for (PathPattern pattern : mapping.getPatternsCondition().getPatterns()) {
            methods(mapping).forEach(method -> add(pattern, method, roles));
        }
    }

    private void add(PathPattern pattern, HttpMethod method, Set<Role> roles) {
        Set<Role> before =
                rules.computeIfAbsent(
                                pattern, _ -> new TreeMap<>(Comparator.comparing(HttpMethod::name)))
                        .putIfAbsent(method, roles);
        if (before != null && !before.equals(roles)) {
            throw new IllegalStateException(
                    method + " " + pattern + " has two rules: " + before + " and " + roles);
        }
    }

    /** A handler of GET answers HEAD as well. */
    private static Stream<HttpMethod> methods(RequestMappingInfo mapping) {
        Set<RequestMethod> declared = mapping.getMethodsCondition().getMethods();
        Stream<HttpMethod> methods =
                declared.isEmpty()
                        ? Arrays.stream(HttpMethod.values())
                        : declared.stream().map(RequestMethod::asHttpMethod);
        return methods.flatMap(method ->
                        method.equals(HttpMethod.GET)
                                ? Stream.of(method, HttpMethod.HEAD)
                                : Stream.of(method))
                .distinct();
    }

    private static Set<Role> roles(HandlerMethod handler) {
        for (var place : List.of(handler.getMethod(), handler.getBeanType())) {
            RolesAllowed allowed =
                    AnnotatedElementUtils.findMergedAnnotation(place, RolesAllowed.class);
            if (allowed != null) {
                EnumSet<Role> roles = EnumSet.noneOf(Role.class);
                for (String name : allowed.value()) {
                    roles.add(Role.valueOf(name));
                }
                if (roles.isEmpty()) {
                    throw new IllegalStateException(handler + " has a rule that names no role");
                }
                return roles;
            }
            if (AnnotatedElementUtils.hasAnnotation(place, PermitAll.class)) {
                return EVERYBODY;
            }
        }
        throw new IllegalStateException(
                handler + " has no rule: @RolesAllowed says who may call it");
    }
}
