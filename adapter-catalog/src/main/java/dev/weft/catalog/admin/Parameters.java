package dev.weft.catalog.admin;

import dev.weft.catalog.access.Requester;
import dev.weft.catalog.registry.Expected;
import dev.weft.catalog.registry.UnknownAdapterException;
import dev.weft.catalog.web.Fault;
import dev.weft.protocol.adapter.AdapterId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** What stands in paths, queries and headers. */
final class Parameters {
    private static final int DEFAULT_SIZE = 50;
    private static final int LARGEST_SIZE = 500;
    private static final Pattern REVISION = Pattern.compile("(?:W/)?\"?([0-9]{1,18})\"?");

    private Parameters() {}

    /** A path of a name and what is to be done with it. */
    record Action(String name, String verb) {}

    static Action action(String rest) {
        int slash = rest.lastIndexOf('/');
        return new Action(slash < 0 ? "" : rest.substring(0, slash), rest.substring(slash + 1));
    }

    static ResponseStatusException nothingAt(String method, String rest) {
        return new ResponseStatusException(
                HttpStatus.NOT_FOUND, "there is nothing to " + method + " at '" + rest + "'");
    }

    static AdapterId adapter(Requester requester, String path) {
        return id(requester, path, "adapter");
    }

    static AdapterId alias(Requester requester, String path) {
        return id(requester, path, "alias");
    }

    private static AdapterId id(Requester requester, String path, String what) {
        String name = path.startsWith("/") ? path.substring(1) : path;
        if (!AdapterId.isName(name)) {
            throw new UnknownAdapterException("there is no " + what + " '" + name + "'");
        }
        return requester.id(name);
    }

    static int size(@Nullable String size) {
        if (size == null) {
            return DEFAULT_SIZE;
        }
        if (size.matches("[0-9]{1,3}")) {
            int number = Integer.parseInt(size);
            if (number >= 1 && number <= LARGEST_SIZE) {
                return number;
            }
        }
        throw bad("size", size, "1 to " + LARGEST_SIZE);
    }

    /** A number of a query; null where it is left out. */
    static @Nullable Long number(String name, @Nullable String value) {
        if (value == null) {
            return null;
        }
        if (value.matches("[0-9]{1,18}")) {
            return Long.valueOf(value);
        }
        throw bad(name, value, "a number of 1 or more");
    }

    static Expected expected(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.equals("*") || ifMatch != null) {
                throw bad("If-None-Match", ifNoneMatch, "* alone");
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
            throw bad("If-Match", ifMatch, "* or the ETag of a revision, e.g. \"3\"");
        }
        return new Expected.Revision(Long.parseLong(revision.group(1)));
    }

    private static BadRequestException bad(String field, String value, String allowed) {
        return new BadRequestException(List.of(new Fault(field, value, allowed)));
    }
}
