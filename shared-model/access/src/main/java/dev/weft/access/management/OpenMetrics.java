package dev.weft.access.management;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.webflux.actuate.endpoint.web.AbstractWebFluxEndpointHandlerMapping;

/**
 * Serves metrics at an open service's own port as well, if the actuator has a port of its own, to
 * which Spring Boot moves all endpoints.
 */
public final class OpenMetrics extends AbstractWebFluxEndpointHandlerMapping {
    private static final EndpointId METRICS = EndpointId.of("prometheus");

    /**
     * @param path of the actuator
     * @param endpoints of the actuator
     */
    public OpenMetrics(
            Management management,
            String path,
            Collection<ExposableWebEndpoint> endpoints,
            EndpointMediaTypes types) {
        super(
                new EndpointMapping(path),
                management.open()
                        ? endpoints.stream()
                                .filter(endpoint -> endpoint.getEndpointId().equals(METRICS))
                                .toList()
                        : List.of(),
                types,
                null,
                false);
    }

    /** There is no page of links. */
    @Override
    protected LinksHandler getLinksHandler() {
        return _ -> Map.of();
    }
}
