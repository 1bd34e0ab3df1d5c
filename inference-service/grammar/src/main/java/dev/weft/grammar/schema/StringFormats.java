package dev.weft.grammar.schema;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.pattern.EcmaPattern;
import dev.weft.grammar.pattern.PatternException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The formats of JSON Schema (validation, 7.3) that are asserted, as expressions that match nothing
 * invalid. Some rare spellings of what is valid are left out: leap seconds, quoted local parts of
 * addresses, hosts in Punycode. Such a format has a second, simple expression that matches all that
 * is valid: texts that only this one matches are undecided. All other formats are annotations.
 */
final class StringFormats {
    private static final String YEAR = "[0-9]{4}";
    private static final String LEAP_YEAR =
            "([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
    private static final String DATE =
            "("
                    + YEAR
                    + "-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
                    + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
                    + "|02-(0[1-9]|1[0-9]|2[0-8]))|"
                    + LEAP_YEAR
                    + "-02-29)";
    private static final String TIME =
            "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]+)?"
                    + "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String IPV4 = BYTE + "(\\." + BYTE + "){3}";
    private static final String HEX4 = "[0-9A-Fa-f]{1,4}";

    /** RFC 3987, ucschar. */
    private static final String UCS =
            "\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF\\u{10000}-\\u{1FFFD}\\u{20000}-\\u{2FFFD}";

    private static final String PCT = "%[0-9A-Fa-f]{2}";
    private static final Map<String, String> PATTERNS = new HashMap<>();

    static {
        PATTERNS.put("date", DATE);
        PATTERNS.put("time", TIME);
        PATTERNS.put("date-time", DATE + "[Tt]" + TIME);
        PATTERNS.put("duration", duration());
        PATTERNS.put("ipv4", IPV4);
        PATTERNS.put("ip-address", IPV4);
        PATTERNS.put("ipv6", ipv6());
        PATTERNS.put("uri-template", template());
        Uris uris = new Uris("");
        Uris wide = new Uris(UCS);
        PATTERNS.put("uri", uris.absolute() + uris.query());
        PATTERNS.put("uri-reference", uris.reference());
        PATTERNS.put("iri", wide.absolute() + wide.query());
        PATTERNS.put("iri-reference", wide.reference());
        PATTERNS.put("regex", regex(4));
        PATTERNS.put(
                "uuid",
                "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");
        PATTERNS.put("json-pointer", "(/([^~/]|~[01])*)*");
        PATTERNS.put("relative-json-pointer", "(0|[1-9][0-9]*)(#|(/([^~/]|~[01])*)*)");
    }

    /** Patterns that match at least all that is valid, for formats whose own leave some out. */
    private static final Map<String, String> WIDEST = new HashMap<>();

    static {
        String time = "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})";
        String reference = "[^\\x00-\\x20<>\"{}|\\\\^`]*";
        String absolute = "[A-Za-z][A-Za-z0-9+.-]*:" + reference;
        String address = "[\\s\\S]*@[\\s\\S]*";
        WIDEST.put("time", time);
        WIDEST.put("date-time", "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]" + time);
        WIDEST.put("duration", "P[0-9A-Za-z.,+-]*");
        WIDEST.put("uri", absolute);
        WIDEST.put("iri", absolute);
        WIDEST.put("uri-reference", reference);
        WIDEST.put("iri-reference", reference);
        WIDEST.put("uri-template", "[^\\x00-\\x20<>\"\\\\^`]*");
        WIDEST.put("regex", "[\\s\\S]*");
        WIDEST.put("hostname", "[A-Za-z0-9._-]*");
        WIDEST.put("host-name", "[A-Za-z0-9._-]*");
        WIDEST.put("idn-hostname", "[A-Za-z0-9._\\-\\u0080-\\u{10FFFF}]*");
        WIDEST.put("relative-json-pointer", "[0-9]+([+-][0-9]+)?(#|/[\\s\\S]*)?");
        WIDEST.put("email", address);
        WIDEST.put("idn-email", address);
    }

    private final Expressions pool;
    private final HostNames hosts;
    private final Map<String, Expression> made = new HashMap<>();
    private final Map<String, Expression> decided = new HashMap<>();

    StringFormats(Expressions pool) {
        this.pool = pool;
        this.hosts = new HostNames(pool);
    }

    /**
     * Regular expressions of ECMA-262 with its {@code u} flag, whose groups nest up to a depth;
     * without named groups, backreferences, lookahead and properties of Unicode.
     */
    private static String regex(int depth) {
        String signs = "\\^$\\\\.*+?()\\[\\]{}|/";
        String code = "|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})";
        String escape = "\\\\([" + signs + "]|[dDwWsSnrtvf]" + code;
        String inClass = "\\\\([" + signs + "-]|[dDwWsSbnrtvf]" + code;
        String range = "(a-z|A-Z|0-9|a-f|A-F|0-7|1-9|a-zA-Z0-9|[^\\\\\\]-]|" + inClass + ")";
        String set = "\\[\\^?-?" + range + "*-?\\]";
        String atom = "([^\\\\()\\[\\]{}*+?|^$]|" + escape + "|" + set;
        if (depth > 0) {
            atom += "|\\((\\?:)?" + regex(depth - 1) + "\\)";
        }
        atom += ")";
        String times =
                "(([*+?]|\\{([0-9]{1,3},?|[01],[1-9][0-9]{0,3}|2,[2-9]|3,[3-9]|[2-9],[1-9][0-9]{1,3})\\})\\??)?";
        return "(" + atom + times + "|[\\^$|]|\\\\[bB])*";
    }

    private static String duration() {
        String time = "T([0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S)";
        String date = "([0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D)";
        return "P(" + date + "(" + time + ")?|" + time + "|[0-9]+W)";
    }

    /**
     * RFC 4291, 2.2: eight groups, or fewer around one {@code ::}; an IPv4 address for the last
     * two.
     */
    private static String ipv6() {
        String last = "(" + HEX4 + ":" + HEX4 + "|" + IPV4 + ")";
        StringBuilder all = new StringBuilder("(");
        all.append("(").append(HEX4).append(":){6}").append(last);
        for (int before = 0; before <= 7; before++) {
            String head = before == 0 ? "" : HEX4 + "(:" + HEX4 + "){" + (before - 1) + "}";
            // of the eight groups one at least is left out
            for (int behind = 0; before + behind <= 7; behind++) {
                all.append("|").append(head).append("::");
                if (behind >= 2) {
                    all.append("(").append(HEX4).append(":){").append(behind - 2).append("}");
                    all.append(last);
                } else if (behind == 1) {
                    all.append(HEX4);
                }
            }
        }
        return all.append(")").toString();
    }

    /** The local part of an address and the at sign behind it; RFC 6531 has more characters. */
    private static String local(String more) {
        String atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~" + more + "-]+";
        return atom + "(\\." + atom + ")*@";
    }

    /** RFC 6570; operators that it keeps for later are left out. */
    private static String template() {
        String literal = "[!#$&'(-;=?-\\[\\]_a-z~" + UCS + "]";
        String letter = "([A-Za-z0-9_]|" + PCT + ")";
        String variable = letter + "(\\.?" + letter + ")*(:[1-9][0-9]{0,3}|\\*)?";
        return "("
                + literal
                + "|"
                + PCT
                + "|\\{[+#./;?&]?"
                + variable
                + "(,"
                + variable
                + ")*\\})*";
    }

    /** RFC 3986, or RFC 3987 with more characters. */
    private record Uris(String more) {
        String character(String others) {
            return "([A-Za-z0-9._~!$&'()*+,;=@" + others + more + "-]|" + PCT + ")";
        }

        String segments() {
            return "(/" + character(":") + "*)*";
        }

        String query() {
            String part = "(" + character(":") + "|[/?])*";
            return "(\\?" + part + ")?(#" + part + ")?";
        }

        String authority() {
            String user = "(([A-Za-z0-9._~!$&'()*+,;=:" + more + "-]|" + PCT + ")*@)?";
            String name = "([A-Za-z0-9._~!$&'()*+,;=" + more + "-]|" + PCT + ")*";
            return user + "(\\[" + ipv6() + "\\]|" + name + ")(:[0-9]*)?";
        }

        private String behind(String first) {
            return "(//"
                    + authority()
                    + segments()
                    + "|/("
                    + character(":")
                    + "+"
                    + segments()
                    + ")?|"
                    + first
                    + "+"
                    + segments()
                    + "|)";
        }

        String absolute() {
            return "[A-Za-z][A-Za-z0-9+.-]*:" + behind(character(":"));
        }

        String relative() {
            return behind(character(""));
        }

        String reference() {
            return "(" + absolute() + "|" + relative() + ")" + query();
        }
    }

    /** The expression of a format; null if it is an annotation. */
    @Nullable Expression find(String format) {
        Expression found = made.get(format);
        if (found == null) {
            found = make(format);
            if (found != null) {
                made.put(format, found);
            }
        }
        return found;
    }

    /**
     * The texts that a format decides: those that its expression matches, and those that are surely
     * invalid. Null if the expression leaves out nothing that is valid.
     */
    @Nullable Expression decided(String format) {
        String widest = WIDEST.get(format);
        Expression some = find(format);
        return widest == null || some == null
                ? null
                : decided.computeIfAbsent(
                        format, _ -> pool.or(some, pool.otherText(whole(format, widest))));
    }

    private @Nullable Expression make(String format) {
        return switch (format) {
            case "hostname", "host-name" -> hosts.plain();
            case "idn-hostname" -> hosts.wide();
            case "email" -> pool.concat(whole(format, local("")), hosts.labels());
            case "idn-email" -> pool.concat(whole(format, local(UCS)), hosts.wide());
            default -> {
                String pattern = PATTERNS.get(format);
                yield pattern == null ? null : whole(format, pattern);
            }
        };
    }

    private Expression whole(String format, String pattern) {
        try {
            return EcmaPattern.whole(pool, pattern);
        } catch (PatternException e) {
            throw new IllegalStateException(format + ": " + e.getMessage(), e);
        }
    }
}
