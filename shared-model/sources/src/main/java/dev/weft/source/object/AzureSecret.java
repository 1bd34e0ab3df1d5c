package dev.weft.source.object;

import dev.weft.settings.secret.SecretException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret that opens an Azure container: a connection string, a shared access signature, or the
 * key of the account. Forms: Microsoft's "Configure Azure Storage connection strings".
 */
final class AzureSecret {
    private static final Pattern PART = Pattern.compile("(\\w+)=([^;]*)");

    /** One of these begins a part of each connection string that opens anything. */
    private static final Pattern CONNECTION =
            Pattern.compile(
                    "(?:^|;)\\s*(?:AccountName|BlobEndpoint|SharedAccessSignature)=",
                    Pattern.CASE_INSENSITIVE);

    /** The public cloud's suffix of endpoints. */
    private static final String SUFFIX = "core.windows.net";

    private AzureSecret() {}

    /**
     * OpenDAL's settings for a secret: the key or signature, and the account and the endpoint if
     * the secret names them.
     *
     * @throws SecretException for a connection string that opens nothing: OpenDAL would ask the
     *     machine's metadata service for a token
     */
    static Map<String, String> settings(String text) throws SecretException {
        if (CONNECTION.matcher(text).find()) {
            return ofConnection(text);
        }
        return text.contains("sig=")
                ? Map.of("sas_token", signature(text))
                : Map.of("account_key", text);
    }

    private static Map<String, String> ofConnection(String text) throws SecretException {
        Map<String, String> parts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Matcher matcher = PART.matcher(text);
        while (matcher.find()) {
            if (!matcher.group(2).isBlank()) {
                parts.put(matcher.group(1), matcher.group(2).strip());
            }
        }
        Map<String, String> settings = new HashMap<>();
        for (List<String> each :
                List.of(
                        List.of("AccountName", "account_name"),
                        List.of("AccountKey", "account_key"),
                        List.of("BlobEndpoint", "endpoint"))) {
            String value = parts.get(each.getFirst());
            if (value != null) {
                settings.put(each.getLast(), value);
            }
        }
        // a path follows the endpoint
        settings.computeIfPresent("endpoint", (_, url) -> url.replaceAll("/+$", ""));
        String signature = parts.get("SharedAccessSignature");
        if (signature != null) {
            settings.put("sas_token", signature(signature));
        }
        if (!settings.containsKey("account_key") && !settings.containsKey("sas_token")) {
            throw new SecretException(
                    "its connection string has neither AccountKey nor SharedAccessSignature");
        }
        String account = parts.get("AccountName");
        if (account != null && !parts.containsKey("BlobEndpoint")) {
            settings.put(
                    "endpoint",
                    "%s://%s.blob.%s"
                            .formatted(
                                    parts.getOrDefault("DefaultEndpointsProtocol", "https"),
                                    account,
                                    parts.getOrDefault("EndpointSuffix", SUFFIX)));
        }
        return settings;
    }

    private static String signature(String text) {
        return text.startsWith("?") ? text.substring(1) : text;
    }
}
