package dev.weft.catalog.alias;

import dev.weft.catalog.fault.BadRequestException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the headers that say what the author of a change saw. */
final class Preconditions {
    private static final Pattern REVISION = Pattern.compile("(?:W/)?\"?([0-9]{1,18})\"?");

    private Preconditions() {}

    static Expected expected(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.equals("*") || ifMatch != null) {
                throw BadRequestException.of("If-None-Match", ifNoneMatch, "* alone");
            }
            return new Expected.Nothing();
        }
        if (ifMatch == null) {
            return new Expected.Unsaid();
        }
        if (ifMatch.equals("*")) {
            return new Expected.Any();
        }
        Matcher revision = REVISION.matcher(ifMatch.strip());
        if (!revision.matches()) {
            throw BadRequestException.of(
                    "If-Match", ifMatch, "* or the ETag of a revision, e.g. \"3\"");
        }
        return new Expected.Revision(Long.parseLong(revision.group(1)));
    }
}
