package dev.weft.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.holder.Role;
import dev.weft.access.rule.HandlerRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Checks every route of the catalog, and who may use it. */
class CatalogRoutesTest {
    private static final String EXPECTED =
            """
            POST   /access/v1/whose = admin service
            GET    /admin/v1/adapters = viewer owner admin service
            POST   /admin/v1/adapters = owner admin
            DELETE /admin/v1/adapters/{*name} = owner admin
            GET    /admin/v1/adapters/{*name} = viewer owner admin service
            POST   /admin/v1/adapters/{*rest} = owner admin
            PUT    /admin/v1/adapters/{*rest} = owner admin
            DELETE /admin/v1/adapters/{name} = owner admin
            GET    /admin/v1/adapters/{name} = viewer owner admin service
            POST   /admin/v1/adapters/{name}/disable = owner admin
            POST   /admin/v1/adapters/{name}/enable = owner admin
            PUT    /admin/v1/adapters/{name}/sharing = owner admin
            GET    /admin/v1/aliases = viewer owner admin service
            DELETE /admin/v1/aliases/{*name} = owner admin
            GET    /admin/v1/aliases/{*name} = viewer owner admin service
            PUT    /admin/v1/aliases/{*name} = owner admin
            POST   /admin/v1/aliases/{*rest} = owner admin
            DELETE /admin/v1/aliases/{name} = owner admin
            GET    /admin/v1/aliases/{name} = viewer owner admin service
            PUT    /admin/v1/aliases/{name} = owner admin
            POST   /admin/v1/aliases/{name}/rollback = owner admin
            GET    /admin/v1/audit = viewer owner admin service
            GET    /admin/v1/bases = viewer owner admin service
            POST   /admin/v1/bases = admin
            DELETE /admin/v1/bases/{*name} = admin
            GET    /admin/v1/bases/{*name} = viewer owner admin service
            DELETE /admin/v1/bases/{name} = admin
            GET    /admin/v1/bases/{name} = viewer owner admin service
            GET    /admin/v1/orders = viewer owner admin service
            POST   /admin/v1/orders = admin
            DELETE /admin/v1/orders/{id} = admin
            GET    /admin/v1/residency = viewer owner admin service
            GET    /admin/v1/rollouts = viewer owner admin service
            POST   /admin/v1/rollouts = owner admin
            DELETE /admin/v1/rollouts/{id} = owner admin
            GET    /admin/v1/rollouts/{id} = viewer owner admin service
            POST   /admin/v1/rollouts/{id}/pause = owner admin
            POST   /admin/v1/rollouts/{id}/resume = owner admin
            POST   /admin/v1/rollouts/{id}/scores = owner admin
            GET    /admin/v1/shadows = viewer owner admin service
            POST   /admin/v1/shadows = owner admin
            DELETE /admin/v1/shadows/{id} = owner admin
            GET    /admin/v1/shadows/{id} = viewer owner admin service
            GET    /admin/v1/tokens = admin
            POST   /admin/v1/tokens = admin
            DELETE /admin/v1/tokens/{id} = admin
            PATCH  /admin/v1/tokens/{id} = admin
            POST   /admin/v1/tokens/{id}/rotate = admin
            GET    /admin/v1/usage = viewer owner admin service
            GET    /admin/v1/versions/{id} = viewer owner admin service
            GET    /admin/v1/workers = viewer owner admin service
            GET    /artifacts/v1/{digest} = admin service
            GET    /artifacts/v1/{digest}/files/{name} = admin service
            GET    /feed/v1/events = admin service
            POST   /residency/v1/reports = admin service
            GET    /residency/v1/workers = admin service
            POST   /rollout/v1/reports = admin service
            POST   /rollout/v1/shadows = admin service
            POST   /usage/v1/batches = admin service
            """;

    @TempDir private Path folder;

    @Test
    void everyRouteHasItsRule() throws Exception {
        CatalogService service =
                CatalogService.start(
                        RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0));
        try (service) {
            ApplicationContext context = service.context();
            Map<String, String> rules = new TreeMap<>();
            HandlerRules.of(
                            context.getBean(
                                    "requestMappingHandlerMapping",
                                    RequestMappingHandlerMapping.class),
                            "dev.weft.catalog")
                    .each((route, roles) -> {
                        if (!route.startsWith("HEAD ")) {
                            rules.put(route, names(roles));
                        }
                    });
            assertThat(rules).containsExactlyInAnyOrderEntriesOf(expected());
            // another kind of route needs its rules here
            assertThat(context.getBeansOfType(HandlerMapping.class).keySet())
                    .containsExactlyInAnyOrder(
                            "requestMappingHandlerMapping",
                            "routerFunctionMapping",
                            "resourceHandlerMapping",
                            "healthEndpointWebFluxHandlerMapping",
                            "webEndpointReactiveHandlerMapping",
                            "controllerEndpointHandlerMapping");
        }
    }

    private static String names(Set<Role> roles) {
        return roles.stream().map(Role::name).collect(Collectors.joining(" "));
    }

    private static Map<String, String> expected() {
        Map<String, String> expected = new LinkedHashMap<>();
        for (String line : EXPECTED.lines().toList()) {
            String[] rule = line.replaceAll(" +", " ").split(" = ", -1);
            expected.put(rule[0], rule[1]);
        }
        return expected;
    }
}
