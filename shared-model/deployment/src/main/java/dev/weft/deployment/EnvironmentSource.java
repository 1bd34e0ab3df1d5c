package dev.weft.deployment;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The environment variables that are settings. Only those called {@code WEFT_...} count: a {@code
 * MODEL_NAME} is somebody else's. If there is a service {@code weft-gateway}, Kubernetes gives
 * every pod a variable {@code WEFT_GATEWAY_PORT=tcp://10.0.0.1:8080}, as Docker's links did. No
 * setting has such a value, so it is left out.
 */
final class EnvironmentSource {
    /** Spring takes a source for an environment if its name ends like this. */
    private static final String NAME = "weft-systemEnvironment";

    private static final String PREFIX = "WEFT_";
    private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://.*");

    private EnvironmentSource() {}

    static SystemEnvironmentPropertySource of(Map<String, String> environment) {
        Map<String, Object> settings = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !SERVICE_LINK.matcher(value).matches()) {
                settings.put(name, value);
            }
        });
        return new SystemEnvironmentPropertySource(NAME, settings);
    }
}
