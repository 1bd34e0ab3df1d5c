package dev.weft.source.url;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the targets of the links of an HTML page: {@code href} of each {@code <a>}. A page is a
 * server's, so each character is read a bounded number of times, whatever it holds.
 */
final class PageLinks {
    private final String page;
    private int at;

    private PageLinks(String page) {
        this.page = page;
    }

    /** The targets in the page's order, as they are written. */
    static List<String> of(String page) {
        PageLinks links = new PageLinks(page);
        List<String> targets = new ArrayList<>();
        while (links.toNextLink()) {
            links.target().ifPresent(targets::add);
        }
        return targets;
    }

    /** Goes behind the next {@code <a} that has attributes. */
    private boolean toNextLink() {
        for (at = page.indexOf('<', at); at >= 0; at = page.indexOf('<', at + 1)) {
            if (page.regionMatches(true, at + 1, "a", 0, 1) && isSpace(at + 2)) {
                at += 2;
                return true;
            }
        }
        return false;
    }

    /** Reads attributes up to the tag's end; the first {@code href} counts. */
    private Optional<String> target() {
        Optional<String> target = Optional.empty();
        while (skipSpace()) {
            String name = upTo(true);
            String value = "";
            if (skipSpace() && page.charAt(at) == '=') {
                at++;
                value = skipSpace() ? value() : "";
            }
            if (target.isEmpty() && name.equalsIgnoreCase("href")) {
                target = Optional.of(value);
            }
        }
        return target;
    }

    /** Skips white space; false at the end of the tag or of the page. */
    private boolean skipSpace() {
        while (isSpace(at)) {
            at++;
        }
        return at < page.length() && page.charAt(at) != '>';
    }

    private String value() {
        char quote = page.charAt(at);
        if (quote != '"' && quote != '\'') {
            return upTo(false);
        }
        int end = page.indexOf(quote, at + 1);
        int from = at + 1;
        // a quote without an end is the rest of the page
        at = end < 0 ? page.length() : end + 1;
        return page.substring(from, end < 0 ? page.length() : end);
    }

    /** Text up to white space or the tag's end; a name's also up to its {@code =}. */
    private String upTo(boolean isName) {
        int from = at++;
        while (at < page.length()
                && !isSpace(at)
                && page.charAt(at) != '>'
                && !(isName && page.charAt(at) == '=')) {
            at++;
        }
        return page.substring(from, at);
    }

    private boolean isSpace(int index) {
        return index < page.length() && " \t\n\r\f".indexOf(page.charAt(index)) >= 0;
    }
}
