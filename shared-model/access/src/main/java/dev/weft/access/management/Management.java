package dev.weft.access.management;

import dev.weft.access.holder.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a service publishes its metrics and the details of its health.
 *
 * @param port of a separate listener, 0 for a free one; null if they are at the service's own port
 * @param address of the separate listener
 * @param open metrics are at the service's own port in any case
 */
public record Management(@Nullable Integer port, String address, boolean open) {
    /** Metrics are at the service's own port. */
    public static final Management SAME_PORT = new Management(null, "127.0.0.1", true);

    private static final int DISTANCE = 1000;
    private static final int LARGEST = 65535;

    /**
     * Decides what applies to a service.
     *
     * @param asked the port that the deployment wants; null if it names none: then a closed service
     *     gets the port a thousand above its own, or a free one if its own is a free one or there
     *     is no such port
     * @param closed the service listens beyond loopback or asks for tokens
     * @param guarded a sender beyond loopback can show who it is
     */
    public static Management of(
            @Nullable Integer asked,
            int servicePort,
            String bindAddress,
            boolean closed,
            boolean guarded) {
        if (asked == null && !closed) {
            return SAME_PORT;
        }
        return new Management(
                asked == null ? beside(servicePort) : asked,
                guarded ? bindAddress : "127.0.0.1",
                !closed);
    }

    private static int beside(int servicePort) {
        return servicePort == 0 || servicePort > LARGEST - DISTANCE ? 0 : servicePort + DISTANCE;
    }

    /** True if management has a listener of its own. */
    public boolean apart() {
        return port != null;
    }

    /** Spring Boot's properties for this choice. */
    public Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("management.endpoint.health.show-details", "when-authorized");
        properties.put("management.endpoint.health.roles", Role.service.name());
        if (port != null) {
            properties.put("management.server.port", String.valueOf(port));
            properties.put("management.server.address", address);
        }
        return properties;
    }
}
