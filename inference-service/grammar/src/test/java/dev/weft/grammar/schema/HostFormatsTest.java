package dev.weft.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.grammar.Grammar;
import dev.weft.grammar.Walks;
import java.net.IDN;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Formats of names of hosts, and those that have such names or their like. */
final class HostFormatsTest {
    private static final List<String> HOSTS =
            List.of(
                    "a",
                    "ab",
                    "a-b",
                    "a-bc",
                    "ab-c",
                    "a--b.com",
                    "1host",
                    "Www.Example.com",
                    "abc--d",
                    "a".repeat(63) + ".com");
    private static final List<String> NO_HOSTS =
            List.of(
                    "",
                    ".",
                    "a.",
                    ".a",
                    "a..b",
                    "-a",
                    "a-",
                    "a--",
                    "ab-",
                    "a_b",
                    "xn--X",
                    "xn--hello-txk",
                    "www.xn--al-0ea.com",
                    "ab--c",
                    "XN--aa---o47jg78q",
                    "a".repeat(64),
                    "a.".repeat(127) + "a",
                    "example\uFF0Ecom",
                    "a\n");

    @Test
    void refusesLabelsThatMayBeBadPunycode() throws Exception {
        hold("hostname", HOSTS, NO_HOSTS);
        hold("host-name", HOSTS, NO_HOSTS);
        hold("email", List.of("a@b.de"), List.of("a@xn--X", "a@b.ab--c"));
    }

    @Test
    void takesLettersThatNeedNoContextInHosts() throws Exception {
        hold("idn-hostname", HOSTS, NO_HOSTS.stream().filter(x -> !x.contains("\uFF0E")).toList());
        hold(
                "idn-hostname",
                List.of(
                        "m\u00FCnchen.de",
                        "stra\u00DFenbahn\u00E4mter.example",
                        "\uC2E4\uB840.\uD14C\uC2A4\uD2B8",
                        "\u03C0\u03B1\u03C1\u03AC\u03B4.gr",
                        "\u4E08\u4E08-\u4E08",
                        "a\u3002b",
                        "a\uFF0Eb",
                        "a\uFF61b"),
                List.of(
                        "\u3002",
                        "\uFF0Ea",
                        "a\uFF61",
                        "\u302E\uC2E4",
                        "\u0300hello",
                        "a\u00B7l",
                        "l\u00B7",
                        "\u03B1\u0375",
                        "A\u05F3\u05D1",
                        "\u30FB",
                        "\u0628\u0660\u06F0",
                        "\u0915\u200D\u0937",
                        "\u0640\u07FA",
                        "\u3031",
                        "a\u05D0",
                        "0\u0627",
                        "0a.\u05D0",
                        "\u00DC",
                        "\uAB70",
                        "\u1100\u1161",
                        "\u00FC\u00FC--a",
                        "-\u00FC",
                        "\u00FC-",
                        "\u00FC".repeat(64)));
    }

    @Test
    void takesNoLabelWhosePunycodeIsTooLong() throws Exception {
        Grammar grammar = grammar("idn-hostname");
        int taken = 0;
        for (String letters : List.of("\u00E4\uD7A3\u0101\uAC00", "\u9FA5\u4E00\uAC00\u00E4")) {
            for (int length = 1; length < 70; length++) {
                String label =
                        (letters + "z".repeat(length / 2)).repeat(length).substring(0, length);
                if (Walks.accepts(grammar, quoted(label))) {
                    taken++;
                    assertThat(IDN.toASCII(label)).as(label).hasSizeLessThanOrEqualTo(63);
                }
            }
        }
        assertThat(taken).isGreaterThan(10);
    }

    @Test
    void takesOtherLettersInAddresses() throws Exception {
        hold(
                "idn-email",
                List.of(
                        "joe.bloggs@example.com",
                        "\u03B4\u03BF\u03BA\u03B9\u03BC\u03AE@example.com",
                        "\uC2E4\uB840@\uC2E4\uB840.\uD14C\uC2A4\uD2B8",
                        "\uD835\uDD4F@example.com"),
                List.of("2962", "user\uFF20example.com", "@a.de", "a@", "a..b@c.de", "a@xn--X"));
    }

    @Test
    void takesTemplatesOfUris() throws Exception {
        hold(
                "uri-template",
                List.of(
                        "",
                        "http://example.com/dictionary/{term:1}/{term}",
                        "a%41b",
                        "a\uD83D\uDE00b'",
                        "[a]",
                        "{+var}{#var}{.var}{/var}{;var}{?var}{&var}",
                        "{var*}",
                        "{x,y:1000}",
                        "{a.b}",
                        "{%41}"),
                List.of(
                        "{term",
                        "{}",
                        "foo}bar",
                        "{a,,b}",
                        "{a,}",
                        "{v:0}",
                        "{v:01}",
                        "{v:10000}",
                        "{a..b}",
                        "{=a}",
                        "{var=def}",
                        "{,+var}",
                        "a b",
                        "a\u007Fb",
                        "a%4",
                        "a<b>",
                        "a\"",
                        "a\\",
                        "a^`|"));
    }

    private static void hold(String format, List<String> valid, List<String> invalid)
            throws Exception {
        Grammar grammar = grammar(format);
        for (String text : valid) {
            assertThat(Walks.accepts(grammar, quoted(text))).as(format + " " + text).isTrue();
        }
        for (String text : invalid) {
            assertThat(Walks.accepts(grammar, quoted(text))).as(format + " " + text).isFalse();
        }
    }

    private static Grammar grammar(String format) throws Exception {
        return Walks.schema("{\"type\":\"string\",\"format\":\"" + format + "\"}");
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
