package dev.weft.chat.jinja.builtin.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.chat.jinja.JinjaRuntimeException;
import dev.weft.chat.jinja.JinjaTemplate;
import dev.weft.chat.jinja.budget.Budget;
import dev.weft.chat.jinja.builtin.method.StringMethods;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the charge of each built-in with the least work that it needs: characters it must read
 * and write, items it must visit (eight characters each), products of an integer's words.
 */
class TemplateCostTest {
    private static final int N = 1_500;
    private static final int TIMES = 10;
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final Budget.Limits LIMITS = new Budget.Limits(1L << 40, 1L << 40, 1 << 28, 400);

    private static long text(long n) {
        return n;
    }

    private static long items(long n) {
        return Budget.STEP * n;
    }

    private static long sorted(long n) {
        return 10 * items(n);
    }

    /** Variables of all cases; some have {@code n} characters or items. */
    private static Map<String, Object> variables(int n) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("a", "a".repeat(n));
        all.put("a2", "a".repeat(n / 2) + "a".repeat(n - n / 2));
        all.put("ab", "a".repeat(n / 2) + "b");
        all.put("ba", "b" + "a".repeat(n / 2));
        all.put("u", "ä\uD83D\uDE00".repeat(n / 3));
        all.put("sigmas", "Σ".repeat(n));
        all.put("sharps", "ß".repeat(n));
        all.put("dotted", "İ".repeat(n));
        all.put("marked", "Σ" + "\u0301".repeat(n - 1));
        all.put("w", " ".repeat(n));
        all.put("ws", "a ".repeat(n / 2));
        all.put("lines", "a\n".repeat(n / 2));
        all.put("tabs", "\t".repeat(n));
        all.put("escapes", "\u0001\"<".repeat(n / 3));
        all.put("digits", "1_".repeat(n / 2) + "1");
        all.put("nines", "9".repeat(n));
        all.put("l", Stream.iterate(0, i -> (i + 17) % n).limit(n).toList());
        all.put("m", Stream.iterate(0, i -> (i + 17) % n).limit(n).toList());
        Map<String, Object> d = new LinkedHashMap<>();
        Map<String, Object> e = new LinkedHashMap<>();
        for (int i = 0; i < n; i++) {
            d.put("k" + i, i);
            e.put("k" + i, i);
        }
        all.put("d", d);
        all.put("e", e);
        all.put("pairs", Stream.iterate(0, i -> (i + 17) % n).limit(n).map(List::of).toList());
        all.put("rows", Collections.nCopies(n, Map.of("x", Map.of("y", 1))));
        all.put("long", List.of("a".repeat(n), "a".repeat(n) + "b", "a".repeat(n) + "a"));
        return all;
    }

    /** An expression, and the least work of evaluating it. */
    record Case(String expression, LongUnaryOperator work) {
        @Override
        public String toString() {
            return expression;
        }
    }

    private static Case of(String expression, LongUnaryOperator work) {
        return new Case(expression, work);
    }

    static Stream<Case> cases() {
        return Stream.of(
                        operators(),
                        numbers(),
                        searches(),
                        texts(),
                        classes(),
                        formats(),
                        sequences(),
                        dicts())
                .flatMap(cases -> cases);
    }

    private static Stream<Case> operators() {
        return Stream.of(
                of("a + a", n -> 2 * n),
                of("a ~ a", n -> 2 * n),
                of("a * 5", n -> 5 * n),
                of("a == a2", TemplateCostTest::text),
                of("a != a2", TemplateCostTest::text),
                of("a < a2", TemplateCostTest::text),
                of("a >= a2", TemplateCostTest::text),
                of("a in [a2, a2]", TemplateCostTest::text),
                of("a is sameas a2", TemplateCostTest::text),
                of("a is eq a2", TemplateCostTest::text),
                of("a is in a2", TemplateCostTest::text),
                of("[a] == [a2]", TemplateCostTest::text),
                of("(a, 1) < (a2, 2)", TemplateCostTest::text),
                of("l == m", TemplateCostTest::items),
                of("l < m", TemplateCostTest::items),
                of("-1 in l", TemplateCostTest::items),
                of("l + m", n -> 16 * n),
                of("l * 3", n -> 24 * n),
                of("[l] * 100 == [l] * 100", n -> 8 * 100),
                of("l[1:]", TemplateCostTest::items),
                of("a[1:]", TemplateCostTest::text),
                of("a[::-1]", TemplateCostTest::text),
                of("(u ~ u)[5]", n -> 3 * n),
                of("u[-1:]", n -> n / 2),
                of("{a: 1}", TemplateCostTest::text),
                of("{(a, 1): 1}", TemplateCostTest::text),
                of("{a: 1}[a2]", n -> 2 * n),
                of("a in {a2: 1}", n -> 2 * n),
                of("d == e", TemplateCostTest::items),
                of("d.keys() == e.keys()", TemplateCostTest::items),
                of("d[a]", TemplateCostTest::text),
                of("range(9999)|list", n -> 8 * 9999),
                of("range(9999).index(9998)", n -> 8 * 9999),
                of("9998 in range(9999)", n -> 8 * 9999));
    }

    /** Words of integers; a product costs an eighth of its cost by the school method. */
    private static Stream<Case> numbers() {
        LongUnaryOperator words = n -> 30_000 / 32;
        LongUnaryOperator product = n -> 30_000L / 32 * 30_000 / 32 / 8;
        return Stream.of(
                of("2 ** 30000 + 1", words),
                of("2 ** 30000 - 1", words),
                of("-(2 ** 30000)", words),
                of("2 ** 30000 == 2 ** 30000", words),
                of("2 ** 30000 < 2 ** 30001", words),
                of("{2 ** 30000: 1}", words),
                of("(2 ** 30000)|abs", words),
                of("(2 ** 30000).bit_count()", words),
                of("2 ** 30000 * 2 ** 30000", product),
                of("3 ** 30000", product),
                of("3 ** 30000 % 3 ** 15000", n -> product.applyAsLong(n) / 4),
                of("3 ** 30000 // 3 ** 15000", n -> product.applyAsLong(n) / 4),
                of("3 ** 30000 / 3 ** 29999", words),
                of("(3 ** 30000)|round(-5)", words),
                of("'%x' % 3 ** 30000", words),
                of("(3 ** 9000)|string", n -> 9000L / 20 * 9000 / 20 / 8),
                of("1.1|string", n -> 100),
                of("1.1|round(3)", n -> 400),
                of("'%.300f' % 1e-300", n -> 3_000),
                of("'%.90000f' % 1.5", n -> 90_000),
                of("1e300|int", n -> 400),
                of("1e300 % 3.5", n -> 100),
                of("1000000.5|filesizeformat", n -> 1_000),
                of("digits|float", TemplateCostTest::text),
                of("w|int", TemplateCostTest::text),
                of("nines|int", n -> n / 10 * n / 10 / 8));
    }

    private static Stream<Case> searches() {
        return Stream.of(
                of("ab in a", TemplateCostTest::text),
                of("a.find(ab)", TemplateCostTest::text),
                of("a.rfind(ba)", TemplateCostTest::text),
                of("(a + 'b').index('b')", TemplateCostTest::text),
                of("('b' + a).rindex('b')", TemplateCostTest::text),
                of("a.count(ab)", TemplateCostTest::text),
                of("a.count('')", TemplateCostTest::text),
                of("a.replace(ab, 'x')", TemplateCostTest::text),
                of("a|replace(ab, 'x')", TemplateCostTest::text),
                of("a.replace('a', 'bb')", n -> 2 * n),
                of("a.replace('', 'b')", n -> 2 * n),
                of("a.split(ab)", TemplateCostTest::text),
                of("a.rsplit(ba)", TemplateCostTest::text),
                of("a.split('a')", TemplateCostTest::items),
                of("ws.split()", n -> 4 * n),
                of("ws.rsplit()", n -> 4 * n),
                of("lines.splitlines()", n -> 4 * n),
                of("a.partition(ab)", TemplateCostTest::text),
                of("a.rpartition(ba)", TemplateCostTest::text),
                of("a.startswith(a2)", TemplateCostTest::text),
                of("a.startswith((a2, a2, a2))", n -> 3 * n),
                of("a.endswith((a2, a2, a2))", n -> 3 * n),
                of("a.removeprefix(a2)", TemplateCostTest::text),
                of("a.removesuffix(a2)", TemplateCostTest::text),
                of("a.strip('bcdefghi' + a2)", n -> 2 * n),
                of("a.lstrip('bcdefghi' + a2)", n -> 2 * n),
                of("a.rstrip('bcdefghi' + a2)", n -> 2 * n),
                of("w|trim", TemplateCostTest::text),
                of("a|wordcount", TemplateCostTest::text));
    }

    private static Stream<Case> texts() {
        return Stream.of(
                of("a|upper", n -> 2 * n),
                of("a|lower", n -> 2 * n),
                of("a|capitalize", n -> 2 * n),
                of("a|title", TemplateCostTest::items),
                of("a.upper()", n -> 2 * n),
                of("a.lower()", n -> 2 * n),
                of("a.casefold()", n -> 2 * n),
                of("a.capitalize()", n -> 2 * n),
                of("a.title()", TemplateCostTest::items),
                of("a.swapcase()", TemplateCostTest::items),
                of("a.center(2 * a|length)", n -> 2 * n),
                of("a.ljust(2 * a|length)", n -> 2 * n),
                of("a.rjust(2 * a|length)", n -> 2 * n),
                of("a.zfill(2 * a|length)", n -> 2 * n),
                of("a|center(2 * a|length)", n -> 2 * n),
                of("tabs.expandtabs()", n -> 8 * n),
                of("lines|indent", n -> 3 * n),
                of("ws|truncate(1000)", n -> 1_000),
                of("escapes|e", n -> 3 * n),
                of("escapes|escape", n -> 3 * n),
                of("escapes|forceescape", n -> 3 * n),
                of("a|safe|e", n -> 0),
                of("escapes|urlencode", n -> 3 * n),
                of("{'k': escapes}|xmlattr", n -> 3 * n),
                of("[escapes]|string", n -> 2 * n),
                of("escapes|tojson", n -> 2 * n),
                of("a|attr(a)", TemplateCostTest::text),
                of("a|default(a)", n -> 0),
                of("(u ~ u)|d(a)|length", n -> 3 * n),
                of("(u ~ u)|count", n -> 3 * n),
                of("strftime_now('%c' * 100)", n -> 100 * 400),
                of("a|reverse", n -> 2 * n),
                of("a|list", TemplateCostTest::items),
                of("a|first", n -> 0),
                of("a|last", n -> 0));
    }

    private static Stream<Case> classes() {
        return Stream.of(
                of("a is lower", TemplateCostTest::text),
                of("a is upper", TemplateCostTest::text),
                of("[a] is lower", n -> 2 * n),
                of("a.isalnum()", TemplateCostTest::text),
                of("a.isalpha()", TemplateCostTest::text),
                of("nines.isdecimal()", TemplateCostTest::text),
                of("nines.isdigit()", TemplateCostTest::text),
                of("nines.isnumeric()", TemplateCostTest::text),
                of("w.isspace()", TemplateCostTest::text),
                of("a.isascii()", TemplateCostTest::text),
                of("a.isprintable()", TemplateCostTest::text),
                of("a.isidentifier()", TemplateCostTest::text),
                of("a.islower()", TemplateCostTest::text),
                of("a.isupper()", TemplateCostTest::text),
                of("a.istitle()", TemplateCostTest::text));
    }

    private static Stream<Case> formats() {
        return Stream.of(
                of("'%s' % a", TemplateCostTest::text),
                of("'%.5s' % u", TemplateCostTest::text),
                of("'%r' % a", TemplateCostTest::text),
                of("'%a' % u", n -> 3 * n),
                of("'%9999d' % 1", n -> 9999),
                of("'%.9999d' % 1", n -> 9999),
                of("'%*d' % (9999, 1)", n -> 9999),
                of("'%((a)s' * 100 % {'(a': 1}", n -> 100 * 300),
                of("'%s'|format(a)", TemplateCostTest::text),
                of("'{}'.format(a)", TemplateCostTest::text),
                of("'{:9999}'.format(1)", n -> 9999),
                of("'{:09999,}'.format(1)", n -> 9999),
                of("'{0!r}'.format(a)", TemplateCostTest::text),
                of("'{k1}'.format_map(d)", TemplateCostTest::items),
                of("'{0.x.y}'.format({'x': {'y': a}})", TemplateCostTest::text));
    }

    private static Stream<Case> sequences() {
        return Stream.of(
                of("l|sort", TemplateCostTest::sorted),
                of("long|sort", n -> 2 * n),
                of("l|unique|list", TemplateCostTest::items),
                of("pairs|groupby(0)|length", TemplateCostTest::sorted),
                of("l|min", TemplateCostTest::items),
                of("l|max", TemplateCostTest::items),
                of("l|sum", TemplateCostTest::items),
                of("l|map('abs')|list", n -> 16 * n),
                of("rows|map(attribute='x.y')|list", n -> 16 * n),
                of("l|select|list", TemplateCostTest::items),
                of("l|reject('none')|list", TemplateCostTest::items),
                of("l|selectattr('x')|list", TemplateCostTest::items),
                of("l|rejectattr('x')|list", TemplateCostTest::items),
                of("l|batch(2)|list", TemplateCostTest::items),
                of("l|slice(3)|list", TemplateCostTest::items),
                of("l|list", TemplateCostTest::items),
                of("l|last", TemplateCostTest::items),
                of("l|join", TemplateCostTest::items),
                of("l|join(a)", n -> n * n),
                of("''.join(a)", TemplateCostTest::items),
                of("l|tojson", TemplateCostTest::items),
                of("l|string", TemplateCostTest::items),
                of("l.count(l)", TemplateCostTest::items),
                of("l.index(l[-1])", TemplateCostTest::items),
                of("l.copy()", TemplateCostTest::items),
                of("l|length", n -> 0));
    }

    private static Stream<Case> dicts() {
        return Stream.of(
                of("d|items|list", TemplateCostTest::items),
                of("d.items()|list", TemplateCostTest::items),
                of("d.keys()|list", TemplateCostTest::items),
                of("d.values()|list", TemplateCostTest::items),
                of("d|dictsort", TemplateCostTest::sorted),
                of("d|list", TemplateCostTest::items),
                of("d|first", TemplateCostTest::items),
                of("d|tojson(sort_keys=true)", TemplateCostTest::sorted),
                of("d|string", TemplateCostTest::items),
                of("d|urlencode", TemplateCostTest::items),
                of("dict(d)", n -> 16 * n),
                of("dict(**d)", n -> 16 * n),
                of("namespace(d)", n -> 16 * n),
                of("d.fromkeys(l)", TemplateCostTest::items),
                of("d.copy().get('k1')", n -> 0));
    }

    /** The charge of the built-in above an empty evaluation, for one of many in a loop. */
    private static long paid(String expression, int n) {
        String source = "{% for i in range(" + TIMES + ") %}{% set x = EXPR %}{% endfor %}";
        Map<String, Object> variables = variables(n);
        return (units(source.replace("EXPR", expression), variables)
                        - units(source.replace("EXPR", "1"), variables))
                / TIMES;
    }

    private static long units(String source, Map<String, Object> variables) {
        Budget budget = new Budget(LIMITS);
        try {
            JinjaTemplate.compile(source, new Budget(LIMITS)).render(variables, CLOCK, budget);
        } catch (JinjaRuntimeException e) {
            throw new AssertionError(source + ": " + e.getMessage(), e);
        }
        return budget.stepsTaken() * Budget.STEP;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void paysForTheWorkThatItDoes(Case priced) {
        assertThat(paid(priced.expression, N))
                .as(priced.expression)
                .isGreaterThanOrEqualTo(priced.work.applyAsLong(N));
    }

    /**
     * An expression with a linear or nearly linear charge must not be refused because of a
     * constant.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void paysNotManyTimesMoreForTwiceTheText(Case priced) {
        boolean square = priced.expression.equals("l|join(a)") || priced.expression.contains("nin");

        assertThat(paid(priced.expression, 2 * N))
                .as(priced.expression)
                .isLessThanOrEqualTo((square ? 4 : 3) * paid(priced.expression, N) + 1_000);
    }

    @Test
    void pricesEveryFilterAndEveryMethodOfStrings() {
        String all = String.join("\n", cases().map(Case::expression).toList());
        Set<String> missing = new TreeSet<>();
        Stream.of(
                        TextFilters.FILTERS,
                        LayoutFilters.FILTERS,
                        HtmlFilters.FILTERS,
                        NumberFilters.FILTERS,
                        SequenceFilters.FILTERS,
                        SelectFilters.FILTERS,
                        OrderFilters.FILTERS,
                        ValueFilters.FILTERS)
                .flatMap(filters -> filters.keySet().stream())
                .filter(name -> !all.matches("(?s).*\\|" + name + "\\b.*"))
                .forEach(missing::add);
        StringMethods.names().stream()
                .filter(name -> !all.contains("." + name + "("))
                .forEach(missing::add);

        assertThat(missing).isEmpty();
    }
}
