package dev.weft.protocol.repository;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a repository in an object store: {@code s3://BUCKET/PREFIX}, {@code
 * gs://BUCKET/PREFIX} or {@code az://CONTAINER/PREFIX}; the scheme may be left out.
 *
 * @param bucket bucket or container
 * @param prefix without slashes at its ends; empty for the bucket's root
 */
public record ObjectAddress(RepositorySource source, String bucket, String prefix) {
    private static final Pattern SHAPE =
            Pattern.compile("(?:([a-z0-9]+)://)?([A-Za-z0-9][A-Za-z0-9._-]{0,221})(?:/+(.*))?");

    /** Reads the value of {@code repo} for S3, GCS or AZURE; empty if it is not such an address. */
    public static Optional<ObjectAddress> parse(RepositorySource source, String repo) {
        Matcher matcher = SHAPE.matcher(repo);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String scheme = matcher.group(1);
        String prefix = matcher.group(3) == null ? "" : matcher.group(3).replaceAll("/+$", "");
        if ((scheme != null && !isScheme(source, scheme)) || !isPrefix(prefix)) {
            return Optional.empty();
        }
        return Optional.of(new ObjectAddress(source, matcher.group(2), prefix));
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if the text is not an address
     */
    public static ObjectAddress of(String address) {
        return parse(address)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "'" + address + "' is not an address of an object store"));
    }

    /** Reads an address that must have its scheme; empty if the text is not such an address. */
    public static Optional<ObjectAddress> parse(String address) {
        String scheme = address.toLowerCase(Locale.ROOT).split("://", 2)[0];
        for (RepositorySource source :
                new RepositorySource[] {
                    RepositorySource.S3, RepositorySource.GCS, RepositorySource.AZURE
                }) {
            if (address.contains("://") && isScheme(source, scheme)) {
                return parse(source, address);
            }
        }
        return Optional.empty();
    }

    /** The allowed values of {@code repo} for a source, for messages. */
    public static String allowed(RepositorySource source) {
        return scheme(source)
                + "://"
                + (source == RepositorySource.AZURE ? "CONTAINER" : "BUCKET")
                + "/PREFIX";
    }

    /** The bucket alone, in the form that credentials use. */
    public String place() {
        return scheme(source) + "://" + bucket;
    }

    private static boolean isScheme(RepositorySource source, String scheme) {
        return switch (source) {
            case S3 -> scheme.equals("s3");
            case GCS -> scheme.equals("gs") || scheme.equals("gcs");
            case AZURE -> scheme.equals("az") || scheme.equals("azblob");
            case HF, REMOTE_URL, FILE -> false;
        };
    }

    private static String scheme(RepositorySource source) {
        return switch (source) {
            case S3 -> "s3";
            case GCS -> "gs";
            case AZURE -> "az";
            case HF, REMOTE_URL, FILE ->
                    throw new IllegalArgumentException(source + " is not an object store");
        };
    }

    private static boolean isPrefix(String prefix) {
        for (String segment : prefix.isEmpty() ? new String[0] : prefix.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return prefix.length() <= 1024 && prefix.chars().noneMatch(c -> c < ' ' || c == 127);
    }

    @Override
    public String toString() {
        return place() + (prefix.isEmpty() ? "" : "/" + prefix);
    }
}
