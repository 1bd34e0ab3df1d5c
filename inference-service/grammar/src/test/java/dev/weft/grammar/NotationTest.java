package dev.weft.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.limit.GrammarOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What both notations have, and how they refuse the rest. In the tables {@code ¶} ends a line. */
final class NotationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "root ::= \"a\"§a§true",
                "root ::= [a-c]{2,3}§abca§false",
                "root ::= [a-c]{2,3}§abc§true",
                "root ::= [a-c]{2,}§abcabc§true",
                "root ::= [^\\n]+§a b é日😀§true",
                "root ::= [^]§x§true",
                "root ::= .§😀§true",
                "root ::= .§ab§false",
                "root ::= [a\\-z]§b§false",
                "root ::= [a-]§-§true",
                "root ::= [\\]\\^]§]§true",
                "root ::= \"\\x41\\u00e9\\U0001F600\"§Aé😀§true",
                "root ::= \"\\ud83d\\ude00\"§😀§true",
                "root ::= \"\\t\\\\\\\"\"§\t\\\"§true",
                "root ::= a # no \" here¶a ::= \"x\" | # or¶  \"y\"§y§true",
                "root ::= (¶  \"a\"¶  (\"b\" | )¶)§ab§true",
                "root ::=¶ | \"x\"§x§true",
                "root ::= a.b? a-c¶a.b ::= \"1\"¶a-c ::= \"2\"§12§true",
                "root ::= root \"a\" | \"\"§aaa§true",
                "root ::= (\"a\"+)* ?§aa§true",
                "root ::= x{2}¶x ::= \"(\" x \")\" | \"a\"§(a)((a))§true",
                "root ::= x{0}¶x ::= \"(\" x \")\" | \"a\"§a§false",
                "start: \"a\" \"b\"§ab§true",
                "start: A b?¶A: \"x\" | \"y\"¶   | \"z\"¶b: \"!\"§z!§true",
                "start: \"select\"i§SeLeCT§true",
                "start: \"é\"i§É§true",
                "start: \"s\"i§ſ§false",
                "start: \"a\"..\"c\"§b§true",
                "start: /a.c/§a¶c§false",
                "start: /a.c/s§a¶c§true",
                "start: /[a-c]+/i§aBC§true",
                "start: /[^a]/i§A§false",
                "start: /(?i:a)b/§Ab§true",
                "start: /(?i:a)b/§AB§false",
                "start: /\\w+/§été9§true",
                "start: /a\\/b/§a/b§true",
                "start: (\"a\" | \"b\")~2§ab§true",
                "start: \"a\"~2..3§aaaa§false",
                "start: \"a\"{,2} \"b\"§aab§true",
                "start: [\"a\"] \"b\"§b§true",
                "start: \"\" | \"b\"§§true",
                "start: camelCase Name¶camelCase: \"a\" start?¶Name: \"b\"§aabb§true",
                "!start: x -> y¶?x: \"b\" // c¶  | \"c\" -> d # e§c§true",
                "start: (\"a\"¶ \"b\")§ab§true",
                "start: A A¶A: /a/¶%ignore \" \"¶%ignore /#[^\\n]*/§a #x§false",
                "start: A A¶A: /a/¶%ignore \" \"¶%ignore /#[^\\n]*/§a  a #x§true",
                "start: A A¶A: /a/¶%ignore \" \"§ aa§false",
                "%llguidance {}¶start: INT WS INT¶%import common (INT, WS)§1 \t2§true",
                "start: N¶%import common.SIGNED_NUMBER -> N§-1.5e3§true",
                "start: S¶%import common.ESCAPED_STRING -> S§\"a\\\"b\"§true",
                "start: C¶%import common.C_COMMENT -> C§/* a*b **/§true",
                "start: C¶%import common.C_COMMENT -> C§/* */ */§false",
                "start: /\\[[^]]*\\]/§[ab]§true",
                "start: /\\[[^]]*\\]/§[a]]§false",
                "start: /[^]]+/§ab§true",
                "start: /[^]]+/§a]§false",
                "start: /x|[]a]/§a§true",
                "start: /x|[]a]/§]§true",
                "start: /[]-]+/§-]§true",
                "start: /a{b/§a{b§true",
            })
    void isReadAsItsToolsDo(String grammar, String text, boolean expected) throws Exception {
        Grammar read = Grammar.text(lines(grammar), GrammarOptions.defaults());
        assertThat(Walks.accepts(read, text == null ? "" : lines(text))).isEqualTo(expected);
    }

    /** Terminals take all that they can, as llguidance has it; rules of GBNF what they like. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "start: \"if\" NAME | NAME \"!\"¶NAME: /[a-z]+/§ifx§false",
                "start: \"if\" NAME | NAME \"!\"¶NAME: /[a-z]+/§ifx!§true",
                "start: \"if\" NAME¶NAME: /[a-z]+/§ifx§true",
                "start: A \"b\"?¶A: /ab?/§ab§true",
                "start: A \"b\"¶A: /ab?/§ab§false",
                "start: A \"b\"¶A: /ab?/§abb§true",
                "start: \"a\" | A \"b\"¶A: /a/§ab§true",
                "root ::= a \"b\"¶a ::= \"a\" \"b\"?§ab§true",
                "root ::= \"if\" n | n \"!\"¶n ::= [a-z]+§ifx§true",
            })
    void textsEndWhereTheNotationSays(String grammar, String text, boolean expected)
            throws Exception {
        Grammar read = Grammar.text(lines(grammar), GrammarOptions.defaults());
        assertThat(Walks.accepts(read, text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "root ::= a§INVALID§line 1, column 10: 'a' is not defined",
                "root ::= \"a\"¶b ::= \"b\"¶ b ::= \"c\"§INVALID§line 3, column 2: 'b' is defined"
                        + " twice",
                "a ::= \"b\"§INVALID§there is no rule 'root'",
                "root ::= \"a\" root§INVALID§'root' matches no text",
                "root ::= \"a§INVALID§line 1, column 10: the text has no closing",
                "root ::= [ab§INVALID§no closing ']'",
                "root ::= []§INVALID§the class is empty",
                "root ::= [z-a]§INVALID§line 1, column 11: the range z-a is out of order",
                "root ::= \"\\q\"§INVALID§unknown escape \\q; allowed: \\n",
                "root ::= [\\d]§UNSUPPORTED§'\\d' is not served; write the ranges",
                "root ::= \"\\x41B\"§UNSUPPORTED§read it differently",
                "root ::= \"\\ud83d\"§INVALID§is not a character",
                "root ::= \"\ud83d\"§INVALID§is not a character",
                "start: \"\ud83d\"§INVALID§half of a character",
                "start: \"\\ud83d\"§INVALID§half of a character",
                "root ::= (\"a\"§INVALID§'(' is not closed",
                "root ::= \"a\")§INVALID§')' closes nothing",
                "root ::= \"a\"{2,1}§INVALID§{2,1} is out of order",
                "root ::= \"a\"{,2}§INVALID§expected {m}, {m,} or {m,n}",
                "root ::= \"a\"{9999999}§TOO_LARGE§more than 1000000 repetitions",
                "root ::= \"a\" (=\"b\")§UNSUPPORTED§looking ahead",
                "root ::= <think> \"a\"§UNSUPPORTED§a token, '<think> \"a\"',",
                "root ::= !<[5]>§UNSUPPORTED§a token",
                "root ::= Token(5)§UNSUPPORTED§Token is not served",
                "root ::= TagDispatch((\"a\", b))§UNSUPPORTED§TagDispatch is not served",
                "root[temperature=0.5] ::= \"a\"§UNSUPPORTED§a rule's option",
                "root ::= 'a'§INVALID§unexpected ''a''; allowed: \"text\"",
                "root ::= \"a\" b ::= \"c\"§INVALID§a rule begins on a line of its own",
                "root := \"a\"¶b ::= \"c\"§INVALID§line 1, column 6: expected '::='",
                "start: a§INVALID§line 1, column 8: 'a' is not defined",
                "a: \"b\"§INVALID§there is no rule 'start'",
                "start: start \"a\"§INVALID§'start' matches no text",
                "start: A¶A: B¶B: \"x\" A | \"y\"§INVALID§line 2, column 1: terminal 'A' is made of"
                        + " itself",
                "start: A¶A: /x*/§INVALID§line 2, column 1: terminal 'A' matches the empty text",
                "start: /x*/ \"a\"§INVALID§/x*/ matches the empty text",
                "start: \"a\"¶%ignore / */§INVALID§what is ignored matches the empty text",
                "start: A B¶A: /a+/¶B: /a/§INVALID§no answer ends",
                "start: A¶A: b§INVALID§not of rule 'b'",
                "start: /a/x§UNSUPPORTED§flag 'x'",
                "start: /a(?=b)/§UNSUPPORTED§'(?=' is not served",
                "start: /^a/§UNSUPPORTED§'^' is not served",
                "start: /a+?b/§UNSUPPORTED§as little as they can",
                "start: /[a&&b]/§UNSUPPORTED§'&&' in a class",
                "start: /\\Aa/§UNSUPPORTED§'\\A' is not served",
                "start: /[\\1]/§UNSUPPORTED§'\\1' is not served",
                "start: /a{,3}b/§UNSUPPORTED§write '{0,3}'",
                "start: /a{,}/§UNSUPPORTED§write '{0,}'",
                "start: /a|{,2}/§UNSUPPORTED§write '{0,2}'",
                "start: /[]-a]/§UNSUPPORTED§a range from ']'",
                "start: /[^]/§INVALID§it ends too early",
                "start: /(/§INVALID§pattern /(/",
                "start: /a§INVALID§the pattern has no closing '/'",
                "start.2: \"a\"§UNSUPPORTED§a priority",
                "A.2: \"a\"¶start: A§UNSUPPORTED§a priority",
                "start: x{\"a\"}¶x{y}: y§UNSUPPORTED§a template",
                "x{y}: y¶start: \"a\"§UNSUPPORTED§a template",
                "start[lazy]: \"a\"§UNSUPPORTED§a rule's option",
                "start: %json {\"type\":\"object\"}§UNSUPPORTED§%json is not served",
                "start: %regex {}§UNSUPPORTED§%regex is not served",
                "%declare A¶start: A§UNSUPPORTED§%declare is not served",
                "%llguidance {\"a\":1}¶start: \"a\"§UNSUPPORTED§%llguidance with options",
                "%import python.NAME¶start: NAME§UNSUPPORTED§%import of other grammars",
                "%import common.FOO¶start: FOO§INVALID§allowed: CNAME, CPP_COMMENT, CR",
                "start: <|tool|>§UNSUPPORTED§a token",
                "start: @other§UNSUPPORTED§a grammar in a grammar",
                "start: ~A¶A: \"a\"§UNSUPPORTED§'~' before a terminal",
                "start: \"a\"~3..2§INVALID§is not a number of times",
                "start: \"z\"..\"a\"§INVALID§two characters in order",
                "start: 'a'§INVALID§double quotes",
                "start: \"a\" )§INVALID§unexpected ')'",
                "start: (\"a\"§INVALID§not closed by ')'",
                "start \"a\"§INVALID§expected ':' behind 'start'",
                "just words§INVALID§expected ':' behind 'just'",
            })
    void refusesByLineAndColumn(String grammar, GrammarException.Kind kind, String words) {
        assertThatExceptionOfType(GrammarException.class)
                .isThrownBy(() -> Grammar.text(lines(grammar), GrammarOptions.defaults()))
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static String lines(String text) {
        return text.replace('¶', '\n');
    }
}
