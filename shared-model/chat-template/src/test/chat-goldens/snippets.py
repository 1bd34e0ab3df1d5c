"""Small templates whose output is compared with jinja2's; one per line of thought, in breadth."""

VARIABLES = {
    "n": 7,
    "zero": 0,
    "neg": -3,
    "big": 123456789012345678901234567890,
    "f": 2.5,
    "t": True,
    "no": False,
    "nil": None,
    "s": "Hello World",
    "empty": "",
    "uni": "Grüße 👋🏽 日本語",
    "ws": "  \t padded \n ",
    "lines": "one\ntwo\r\nthree\x0bfour",
    "html": "<a href=\"x\">it's & more</a>",
    "l": [3, 1, 2],
    "words": ["banana", "Apple", "cherry", "apple"],
    "nested": [[1, 2], [3, 4], [5]],
    "mixed": [1, "two", None, True, 3.5, [4], {"five": 5}],
    "d": {"b": 2, "a": 1, "C": 3},
    "deep": {"x": {"y": [{"z": "found"}]}, "items": "shadow", "keys": 1},
    "people": [
        {"name": "Ann", "age": 31, "city": "Lyon", "tags": ["x", "y"]},
        {"name": "bob", "age": 25, "city": "Paris"},
        {"name": "Cid", "age": 31, "city": "lyon", "tags": []},
    ],
    "messages": [
        {"role": "system", "content": "Be nice."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": None, "tool_calls": [
            {"type": "function", "id": "c1", "function": {"name": "f", "arguments": {"a": 1, "b": [1.0, "é"]}}}]},
        {"role": "tool", "content": "42", "tool_call_id": "c1"},
    ],
    "floats": [0.1, 0.2, 0.3, 1e16, 1e-5, 1.5e300, 100.0, 1e22, 123456789.123, 5e-324],
}

EXPRESSIONS = r"""
1 + 2 * 3
(1 + 2) * 3
7 // 2
-7 // 2
7 // -2
7 % 3
-7 % 3
7 % -3
7.5 % 2
-7.5 % 2
7.5 // 2
-7.5 // 2
7 / 2
6 / 2
1 / 3
-1 / 3
0 / 5
1 / 0
1 // 0
1 % 0
1.0 / 0
2 ** 10
2 ** -1
2 ** 0.5
-2 ** 2
2 ** 3 ** 2
0 ** 0
0 ** -1
1.5 ** 2
2 ** 100
big
big + 1
big * big
big // 7
big % 1000
big / 3
-big
- n
+ n
- - n
not n
not zero
1 + 1.5
1.0 * 3
0.1 + 0.2
1e3
1e16
1e15
123456789012345680.0
1e-4
1e-5
1.0
1_000_000
0x1F
0b101
0o17
1.5e3
f
f * 2
-f
t + t
t * 3
no + 1
t == 1
t == 1.0
1 == 1.0
1 == '1'
none == none
nil == none
nil is none
[] == []
[1, 2] == [1, 2]
[1, 2] == (1, 2)
(1, 2) == (1, 2)
{'a': 1} == {'a': 1.0}
{'a': 1} != {'a': 2}
1 < 2 < 3
1 < 3 < 2
3 > 2 >= 2
1 < 2 == true
1 == 1 != 2
'a' < 'b'
'a' < 'B'
'é' > 'z'
'😀' > '￿'
[1, 2] < [1, 3]
[1] < [1, 0]
(1, 'a') < (1, 'b')
1 < 'a'
none < 1
[1] < (2,)
{} < {}
1 <= 1.0
nan is defined
undefinedvar
undefinedvar is defined
undefinedvar is undefined
not undefinedvar
undefinedvar == undefinedvar2
undefinedvar == 1
undefinedvar.x
undefinedvar['x']
undefinedvar + 1
1 + undefinedvar
undefinedvar ~ 'x'
undefinedvar < 1
undefinedvar()
undefinedvar|length
undefinedvar|list
undefinedvar|default('d')
undefinedvar|d
none|default('d')
none|default('d', true)
''|default('d', boolean=true)
0|d('x', true)
undefinedvar in [1]
1 in undefinedvar
'a' in undefinedvar
undefinedvar in 'abc'
[undefinedvar]
{'a': undefinedvar}
-undefinedvar
undefinedvar|int
undefinedvar|float
undefinedvar|string
undefinedvar|upper
undefinedvar|join(',')
undefinedvar|first
undefinedvar|last
undefinedvar|tojson
undefinedvar|trim
undefinedvar is string
undefinedvar is mapping
undefinedvar is sequence
undefinedvar is iterable
undefinedvar is callable
undefinedvar is none
undefinedvar and 1
undefinedvar or 'fallback'
undefinedvar if t
undefinedvar if no
'x' if no
('x' if no) is defined
'x' if t else 'y'
'x' if no else 'y'
'a' if no else 'b' if no else 'c'
1 if t if no else 2
1 and 2
0 and 2
1 or 2
0 or ''
none or 'x'
not 1 and 0
not (1 and 0)
not x is defined
not n is defined
n is not defined
not n in [7]
n not in [1, 2]
n in [1, 2] == false
1 in [1] and 2 in [2]
'b' in 'abc'
'' in 'abc'
'd' not in 'abc'
1 in 'abc'
'a' in d
'z' in d
1 in {1: 2}
1.0 in {1: 2}
true in {1: 2}
[1] in [[1]]
[1] in {}
2 in (1, 2)
2 in range(3)
2.0 in range(3)
'x' in none
'x' in 5
1 ~ 2
'a' ~ 1 ~ none ~ true ~ 1.5
1 ~ 2 + 3
[1] ~ {'a': 1}
'a' + 'b'
'a' + 1
1 + 'a'
'ab' * 3
3 * 'ab'
'ab' * 0
'ab' * -1
[1, 2] * 2
(1,) * 3
[1] + [2]
(1,) + (2,)
[1] + (2,)
'a' - 'b'
'a' * 'b'
none + 1
[1] - [1]
{'a': 1}
{'a': 1, 'a': 2}
{1: 'a', 'b': [1, (2,)], none: true}
{1: 'a', 1.0: 'b', true: 'c'}
{[1]: 2}
{(1, 2): 3}
[1, 'a', none, true, 1.5, [2], {'x': 1}, (1,), ()]
()
(1,)
(1, 2)
1, 2
1,
[1, 2,]
{'a': 1,}
'it''s'
"it's"
'say "hi"'
['it\'s']
['say "hi"']
['both \' and "']
['tab\tnew\nline\\']
['é 日本 👋']
['\x07\x1b\x7f\xa0\u200b\u2028\ue000']
'a\tb\nc\\d\'e\"f'
'\x41\u00e9\U0001F600\101\0'
'\d\e\q'
'\N{LATIN SMALL LETTER E WITH ACUTE}'
'line\
continued'
'a' 'b' "c"
"\é"
s[0]
s[-1]
s[100]
s[1:4]
s[:5]
s[6:]
s[::-1]
s[::2]
s[-5:-1]
s[8:2:-2]
s[10:2]
s[::0]
s[:none]
s['upper']
s.upper
s[1.5]
s['0']
uni[0]
uni[6]
uni[7]
uni[6:8]
uni[::-1]
uni|length
uni|reverse
uni.find('日')
uni.upper()
l[0]
l[-1]
l[5]
l[5] is defined
l['0']
l[true]
l[1:]
l[::-1]
l[-2:]
l[:-1]
l[1:100]
l[0:2:1]
l.0
nested[0][1]
nested.0.1
(1, 2, 3)[1:]
(1, 2, 3)[::-1]
range(5)
range(5)[1:3]
range(5)[-1]
range(0, 10, 3)|list
range(10, 0, -3)|list
range(3, 1)|list
range(1, 2, 0)
range(100000)|length
range(100001)
range('a')
range(1.0)
d.a
d['a']
d.zz
d['zz']
d.zz.y
d['zz'] is defined
d.items
d.items()
d.keys()
d.values()
d.items()|list
d.keys()|list
d.values()|list
d.items()|length
d.items()[0]
d.get('a')
d.get('zz')
d.get('zz', 5)
d.get('zz', default=5)
d.copy()
d.update({'x': 1})
d.pop('a')
d.pop
d.pop is defined
d.setdefault('a', 1)
d.clear()
l.append(4)
l.append is defined
l.pop()
l.sort()
l.reverse()
l.insert(0, 1)
l.index(1)
l.index(9)
l.count(1)
l.copy()
(1, 2, 1).count(1)
(1, 2, 1).index(2)
deep.items
deep['items']
deep.keys
deep['keys']
deep.x.y[0].z
deep['x']['y'][0]['z']
deep.x.y.0.z
deep.x['y'].0['z']
d.__class__
s.__class__
s.__class__.__mro__
s['__class__']
d._private
d.a.b
none.x
none.x.y
n.real
n.bit_length()
f.is_integer()
n.foo
n.foo is defined
s.upper()
s.lower()
s.title()
s.capitalize()
s.swapcase()
'hello wOrld'.title()
"they're bill's".title()
'ß ﬁ ǆ'.title()
'ß'.upper()
'ŒUVRE'.lower()
'ΑΣ ΑΣΑ'.lower()
'İ'.lower()|length
'straße'.casefold()
s.split()
s.split(' ')
s.split('o')
s.split('o', 1)
s.split(sep='o', maxsplit=1)
s.split(none, 1)
'  a  b  c '.split()
'  a  b  c '.split(none, 1)
'  a  b  c '.split(' ')
'  a  b  c '.rsplit(none, 1)
'a,b,c'.rsplit(',', 1)
'a,b,c'.split(',', -1)
'a,b,c'.split('')
''.split()
''.split(',')
'a--b--c'.split('--')
'aaa'.split('aa')
'aaa'.rsplit('aa')
lines.splitlines()
lines.splitlines(true)
lines.splitlines(keepends=true)
''.splitlines()
'a\n'.splitlines()
'a\n\nb'.splitlines()
ws.strip()
ws.lstrip()
ws.rstrip()
'xxhixx'.strip('x')
'xyhixy'.strip('xy')
'xyhixy'.lstrip('xy')
'xyhixy'.rstrip('yx')
'abc'.strip(none)
'abc'.strip(1)
'\u3000a\u00a0'.strip()
'\ufeffa'.strip()
s.startswith('Hello')
s.startswith('World')
s.startswith(('x', 'H'))
s.startswith('World', 6)
s.startswith('', 20)
s.endswith('World')
s.endswith(('x', 'd'))
s.endswith('Hello', 0, 5)
s.startswith(1)
s.startswith(['H'])
s.replace('o', '0')
s.replace('o', '0', 1)
s.replace('', '-')
s.replace('', '-', 2)
s.replace('x', 'y')
s.replace('l', '')
s.replace('o', '0', count=1)
s.replace(1, 2)
s.find('o')
s.find('o', 5)
s.find('zz')
s.rfind('o')
s.index('W')
s.index('zz')
s.rindex('o')
s.count('l')
s.count('')
s.count('l', 4)
'aaaa'.count('aa')
s.find('o', -4)
s.find('', 50)
s.isdigit()
'123'.isdigit()
'²'.isdigit()
'²'.isdecimal()
'½'.isnumeric()
'一'.isnumeric()
''.isdigit()
'abc'.isalpha()
'abc1'.isalpha()
'abc1'.isalnum()
'é'.isalpha()
'abc'.islower()
'ABC'.isupper()
'Abc'.istitle()
'1a'.islower()
'123'.islower()
' \t'.isspace()
'a b'.isspace()
'abc'.isascii()
'é'.isascii()
'abc'.isidentifier()
'1abc'.isidentifier()
'a\n'.isprintable()
','.join(['a', 'b'])
','.join(words)
','.join([1, 2])
','.join('abc')
','.join([])
','.join(d)
'x'.join(d.items())
'a'.center(5)
'a'.center(4)
'ab'.center(5)
'a'.center(5, '*')
'a'.ljust(3) ~ '|'
'a'.rjust(3, '0')
'42'.zfill(5)
'-42'.zfill(5)
'a\tb'.expandtabs(4)
'a\tb'.expandtabs()
'a=b=c'.partition('=')
'a=b=c'.rpartition('=')
'abc'.partition('=')
'abc'.rpartition('=')
'abc'.partition('')
'prefix-x'.removeprefix('prefix-')
'x.txt'.removesuffix('.txt')
'abc'.foo
'{} {}'.format(1, 'a')
'{0} {1} {0}'.format('a', 'b')
'{x} {y}'.format(x=1, y=2)
'{0[a]} {0.b}'.format({'a': 1, 'b': 2})
'{:>5}|{:<5}|{:^5}'.format('a', 'b', 'c')
'{:*^7}'.format('x')
'{:05d}|{:+d}|{:,}'.format(42, 42, 1234567)
'{:.2f}|{:8.3f}|{:e}'.format(3.14159, 2.71828, 12345.678)
'{:x} {:X} {:o} {:b} {:#x}'.format(255, 255, 8, 5, 255)
'{:%}|{:.1%}'.format(0.25, 0.256)
'{!r} {!s}'.format('a', 'b')
'{{}} {}'.format(1)
'{'.format(1)
'{} {0}'.format(1)
'{2}'.format(1)
'{a}'.format(b=1)
'{:g} {:g} {:g}'.format(1.0, 1e10, 0.0001)
'{:.3} {:.10}'.format('abcdef', 2.0)
'{:{}}|'.format('a', 5)
'{:d}'.format('a')
'{:s}'.format(1)
'{:5}|{:5}|'.format(1, 'a')
'{}'.format([1, 'a'])
'{:5}'.format([1])
'{0.__class__}'.format(1)
'{:_}'.format(1234567)
'{:010.2f}'.format(-3.14159)
'{:c}'.format(65)
'{:=+6d}'.format(5)
'{:06}'.format(-5)
'{:,.2f}'.format(1234567.891)
'{x}'.format_map({'x': 1})
'%s and %s' % ('a', 1)
'%s' % 'a'
'%s' % none
'%s' % [1, 2]
'%d' % 42
'%d' % 42.9
'%d' % 'a'
'%5d|%-5d|%05d' % (42, 42, 42)
'%.2f' % 3.14159
'%8.2f|' % 3.14159
'%e' % 12345.678
'%g %g' % (0.00001, 1e20)
'%x %X %o %#x' % (255, 255, 8, 255)
'%r' % 'a'
'%c' % 'x'
'%c' % 65
'%%' % ()
'%s' % ()
'%s %s' % ('a',)
'a' % 1
'a' % [1]
'%(x)s %(y)d' % {'x': 'a', 'y': 2}
'%(z)s' % {'x': 1}
'%+d % d' % (5, 5)
'%.3s|' % 'abcdef'
'%5s|%-5s|' % ('a', 'b')
'%*d' % (5, 42)
'%i' % true
'%s' % undefinedvar
'%q' % 1
2.5|round
3.5|round
2.675|round(2)
-2.5|round
1234.5678|round(-2)
1234|round(-2)
1250|round(-2)
5|round
5|round(2)
2.1|round(method='ceil')
2.9|round(0, 'floor')
2.123|round(2, 'ceil')
2.129|round(2, 'floor')
2.5|round(method='x')
true|round
'a'|round
1e300|round(2)
-0.4|round
-3|abs
-3.5|abs
true|abs
'a'|abs
'42'|int
'42.7'|int
' 42 '|int
'4_2'|int
'abc'|int
'abc'|int(5)
'abc'|int(default=none)
'ff'|int(base=16)
'0xff'|int(0, 16)
'0b11'|int(base=2)
'0x1f'|int(base=0)
'１２'|int
42.9|int
-42.9|int
none|int
true|int
[]|int
'1e3'|int
'inf'|int
'nan'|int
''|int
'42'|float
'4.5'|float
'1e3'|float
'abc'|float
'abc'|float(1.5)
none|float
'inf'|float
'-Infinity'|float
'nan'|float
'1_0.5'|float
'.5'|float
'5.'|float
'0x10'|float
n|float
big|float
s|length
l|length
d|length
n|length
none|length
l|count
range(3)|length
s|upper
n|upper
none|upper
s|lower
s|title
'foo-bar (baz) [qux] {x} <y> a.b'|title
"it's ok"|title
s|capitalize
'éa'|capitalize
ws|trim
'xxaxx'|trim('x')
n|trim
s|trim(chars='Hd')
s|replace('o', '0')
s|replace('o', '0', 1)
n|replace(7, 8)
s|replace('l', 'L', count=2)
none|replace('o', '0')
l|first
l|last
''|first
[]|first
[]|last
[]|first is defined
s|first
s|last
d|first
d|last
d.items()|first
d.values()|last
n|first
l|map('string')|last
l|list
s|list
d|list
n|list
(1, 2)|list
l|join
l|join(', ')
l|join(d=', ')
words|join('-')
mixed|join('|')
people|join(', ', attribute='name')
people|map(attribute='name')|join(', ')
people|map(attribute='tags')|list
people|map(attribute='tags.0')|list
people|map(attribute='tags', default='none')|list
people|map(attribute='zz')|join(',')
people|map('attr', 'name')|list
words|map('upper')|list
words|map('replace', 'a', 'X')|join(' ')
words|map('length')|list
words|map('truncate', 3, true, '')|list
l|map('int')|sum
words|map('nofilter')|list
words|map()|list
words|map
l|select('odd')|list
l|select('gt', 1)|list
l|select('>', 1)|list
l|select('in', [1, 2])|list
mixed|select|list
mixed|reject|list
mixed|select('string')|list
mixed|reject('none')|list
mixed|select('number')|list
mixed|select('mapping')|list
l|reject('even')|list
people|selectattr('tags')|map(attribute='name')|list
people|selectattr('age', 'gt', 30)|map(attribute='name')|list
people|selectattr('city', 'equalto', 'Paris')|list|length
people|selectattr('city', 'eq', 'Paris')|map(attribute='name')|first
people|selectattr('tags', 'defined')|map(attribute='name')|list
people|selectattr('tags', 'undefined')|map(attribute='name')|list
people|rejectattr('tags')|map(attribute='name')|list
people|rejectattr('age', 'lt', 30)|map(attribute='name')|list
messages|selectattr('role', 'equalto', 'system')|list|length
messages|selectattr('role', 'in', ['user', 'tool'])|map(attribute='content')|list
messages|rejectattr('role', 'eq', 'system')|list|last
people|selectattr()|list
l|select('notest')|list
none|select|list
none|map('upper')|list
5|select|list
l|sort
l|sort(reverse=true)
words|sort
words|sort(case_sensitive=true)
words|sort(reverse=true)
people|sort(attribute='age')|map(attribute='name')|list
people|sort(attribute='age,name')|map(attribute='name')|list
people|sort(attribute='age', reverse=true)|map(attribute='name')|list
people|sort
mixed|sort
'bca'|sort
d|sort
d|dictsort
d|dictsort(true)
d|dictsort(by='value')
d|dictsort(reverse=true)
d|dictsort(by='x')
l|dictsort
words|unique|list
words|unique(case_sensitive=true)|list
[1, 1.0, true, 2]|unique|list
people|unique(attribute='age')|map(attribute='name')|list
[[1], [1]]|unique|list
l|reverse
l|reverse|list
s|reverse
d|reverse|list
d.items()|reverse|list
l|map('string')|reverse
n|reverse
none|reverse
d|items|list
none|items|list
l|items|list
undefinedvar|items|list
l|sum
floats|sum
[0.1, 0.2, 0.3]|sum
[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]|sum
[1, 0.5]|sum
[1e100, 1, -1e100]|sum
l|sum(start=10)
people|sum(attribute='age')
people|sum('age', 5)
[[1], [2]]|sum(start=[])
words|sum
['a']|sum(start='')
l|min
l|max
words|min
words|max
words|min(case_sensitive=true)
people|max(attribute='age')
[]|min
[]|max is defined
mixed|min
s|max
l|batch(2)|list
l|batch(2, 'x')|list
range(7)|batch(3)|list
range(7)|batch(3, 0)|list
range(7)|slice(3)|list
range(7)|slice(3, 'x')|list
l|slice(0)|list
l|slice(5)|list
people|groupby('age')
people|groupby('city')|map(attribute='grouper')|list
people|groupby('city', case_sensitive=true)|map(attribute=0)|list
people|groupby('tags.0', default='-')|map('first')|list
(people|groupby('age'))[0].list|length
(people|groupby('age'))[0].grouper
words|groupby(0)|map(attribute='list')|list
lines|indent
lines|indent(2)
lines|indent(2, true)
lines|indent(width=1, first=true, blank=true)
'a\n\nb'|indent
'a\n\nb'|indent(blank=true)
'a\nb'|indent('> ')
''|indent
''|indent(first=true)
n|indent
'a\nb\n'|indent
s|truncate(5)
s|truncate(8)
'Hello Wonderful World'|truncate(12)
'Hello Wonderful World'|truncate(12, true)
'Hello Wonderful World'|truncate(12, end='…')
'Hello Wonderful World'|truncate(20, leeway=0)
'Hello Wonderful World'|truncate(2)
'Hello'|truncate(3, true, '', 0)
s|wordcount
'a-b c_d é, 日本 x1'|wordcount
''|wordcount
s|center(20)
s|center
html|e
html|escape
html|forceescape
html|e|e
html|e|forceescape
html|safe
html|safe|e
html|e|upper
html|e|length
html|e|replace('&', '+')
(html|e) + '<'
'<' + (html|e)
'<' ~ (html|e)
(html|e) ~ '<'
('<b>'|safe) + '<i>'
'<i>' + ('<b>'|safe)
('<%s>'|safe) % '<'
'<%s>' % ('<'|safe)
('<%s>'|safe) % ('<', 1)
('a'|safe) * 3
(html|safe).replace('it', '<')
(html|safe).split(' ')
(html|safe)[0:3]
('<'|safe).join(['a', '<'])
','.join(['a'|safe, '<'])
['<'|safe, '<']|join(',')
('{}'|safe).format('<')
'<'|safe == '<'
['<'|safe]
('<'|safe)|tojson
('<'|safe)|string + '<'
n|e
none|e
none|safe
l|e
('a'|e) is escaped
'a' is escaped
s|string
n|string
1.0|string
none|string
l|string
s|format(1)
'%s-%s'|format('a', 2)
'%(a)s'|format(a=1)
'%s'|format(1, a=2)
'a b/c?d=é&'|urlencode
{'a b': 1, 'c': '/x'}|urlencode
[('a', 1), ('b', '&')]|urlencode
n|urlencode
{'class': 'a"b', 'id': none, 'x': 1}|xmlattr
{'a b': 1}|xmlattr
1|filesizeformat
100|filesizeformat
1000|filesizeformat
1500000|filesizeformat
1500000|filesizeformat(true)
1e30|filesizeformat
d|attr('a')
d|attr('items') is callable
s|attr('upper') is callable
s|attr('zz') is defined
d|tojson
mixed|tojson
messages|tojson
messages[2]|tojson(indent=2)
messages[2]|tojson(indent=0)
d|tojson(indent=4)
d|tojson(indent='\t')
d|tojson(4)
d|tojson(sort_keys=true)
d|tojson(separators=(',', ':'))
d|tojson(indent=1, separators=(',', ':'))
uni|tojson
uni|tojson(ensure_ascii=true)
'a"b\\c\n\t\x07\x7f\u2028</script>&\''|tojson
[]|tojson
{}|tojson
[[], {}]|tojson(indent=2)
floats|tojson
1.0|tojson
100000000000000000000.0|tojson
1e400|tojson
-1e400
big|tojson
(1, 2)|tojson
none|tojson
true|tojson
{1: 2, true: 3, none: 4, 1.5: 5}|tojson
{(1, 2): 3}|tojson
range(3)|tojson
l|map('string')|tojson
d.items()|tojson
d.items()|list|tojson
{'b': 1, 1: 2}|tojson(sort_keys=true)
tojson
'é'|tojson|upper
'x'|tojson + 'y'
floats
floats|map('string')|join(' ')
[1e400, -1e400]
0.1 + 0.7
1/3
2/3
100/3
1e21
123456.789e3
-0.0
0.0
5e-324
1.7976931348623157e308
n is odd
n is even
n is odd()
n is divisibleby 7
n is divisibleby(3)
n is number
t is number
f is number
s is number
n is integer
t is integer
f is float
n is float
t is boolean
n is boolean
t is true
t is false
1 is true
no is false
nil is none
s is string
l is string
d is mapping
l is mapping
l is sequence
s is sequence
d is sequence
n is sequence
range(2) is sequence
d.items() is sequence
l|map('string') is iterable
l is iterable
s is iterable
n is iterable
none is iterable
(l|map('string')) is sequence
s.upper is callable
n is callable
range is callable
dict is callable
n is eq 7
n is eq(7)
n is equalto 7
n is == 7
n is ne 8
n is gt 6
n is ge 7
n is lt 8
n is le 7
n is greaterthan 6
n is lessthan 8
n is in [7]
n is in(range(10))
n is not in [7]
'a' is in 'abc'
'abc' is lower
'ABC' is upper
'Abc' is lower
n is lower
none is sameas none
t is sameas true
1 is sameas 1
1 is sameas true
l is sameas l
[] is sameas []
'upper' is filter
'nofilter' is filter
'tojson' is filter
'odd' is test
'notest' is test
n is defined and n is odd
n is defined is odd
n is not none
not n is none
n is string or n is number
s is string and s|length > 3
dict(a=1, b=2)
dict({'a': 1}, b=2)
dict([('a', 1), ('b', 2)])
dict([(1, 2, 3)])
dict(1)
dict()
dict(**{'x': 1})
dict(a=1, **{'a': 2})
dict(a=1).a
namespace(a=1)
namespace(a=1).a
namespace(a=1).b
namespace({'a': 1}).a
namespace().items
namespace(items=5).items
cycler('a', 'b').next()
cycler()
cycler('a').current
joiner(',')()
joiner()() ~ 'x'
strftime_now('%Y-%m-%d')
strftime_now('%d %b %Y')
strftime_now('%A %B %-d, %Y %H:%M:%S %p %I %j %y %a %U %W %V %G %u %w %e %k %l %C %D %F %T %R %r %c %x %X %h %n%t%%')
strftime_now('%_d %-m %0e %^a %#p %^B %-H %_H %-I %-j')
strftime_now('%f %z %Z|')
strftime_now('')
strftime_now('100%')
strftime_now()
raise_exception('boom')
raise_exception(5)
raise_exception()
raise_exception('a', 'b')
[raise_exception('in list')]
t or raise_exception('lazy')
messages[0].role
messages[0]['role']
messages[-1].content
messages[1:]|length
messages[::-1]|map(attribute='role')|list
messages[2].tool_calls[0].function.arguments
messages[2].tool_calls[0]['function']['name']
messages[2].content
messages[2].content or 'none'
messages[2].content is none
messages[0].tool_calls
messages[0].tool_calls is defined
messages[0].tool_calls|length
messages[0]['tool_calls'] is defined and messages[0]['tool_calls']
(messages|first).role
messages|length > 3
messages[0].content.split(' ')[-1].strip('.')
(messages | selectattr('role', 'equalto', 'user') | list)[0]['content']
messages[0]['role'] == 'system' and 'nice' in messages[0].content
[messages[0].role] + ['x']
messages[0].items()|list
mixed
mixed|string|length
nested|sum(start=[])
nested|map('sum')|list
nested|map('join', '-')|list
nested|first|last
people[0]
people|map(attribute='name')|map('upper')|join
[1, 2, 3]|map('string')|join('+')
{'a': {'b': [1, {'c': none}]}}
'a' if 'x' in d else 'b' if 'a' in d else 'c'
[x]
(n)
((n))
((n,))
n|string|int + 1
-n|abs
-(n|abs)
n + 1|string|int
2 * n|float
'a' ~ 'b'|upper
not t|string
s|upper|lower|title
s.upper().lower()
s|length + 1
(s|length) * 2
l|length - 1 == 2
[l|first, l|last]
{'k': s|upper}
{s: n}[s]
{'a': 1}['a']
{'a': 1}.a
[1, 2][0]
'abc'[0]
"abc"|first
(1, 2)|join
1.real
s.split()[0]
s.split()|map('upper')|join(' ')
'a' in s.lower()
'%s' % s|upper
s == 'Hello World'
s != 'x'
s is eq 'Hello World'
'a' == "a"
foo.bar is defined
d.x.y is defined
d.a is defined
range(n)|list
range(n, n + 2)|list
loop
caller
self
unknownfn()
d.unknown()
d.a()
s()
n()
none()
l()
l|nofilter
n is notest
*l
d.items() == d.items()
d.keys()|list == ['b', 'a', 'C']
1 in d.values()
'a' in d.keys()
('a', 1) in d.items()
d|length == d.keys()|length
[1, 2] in [[1, 2]]
none in [none]
true in [1]
0 == false
'' == false
'1' == 1
1 != '1'
[] or {} or 'last'
[0] and 'yes'
{} and 'yes'
'0' and 'yes'
0.0 or 'zero'
range(0) or 'emptyrange'
(l|map('string')) and 'gen'
l is defined and l
1 < 2 and 2 < 3
1 if 1 < 2 else 0
(1 if t else 2) + 3
1 if t else 2 + 3
[1 if t else 2, 3]
{'a': 1 if no else 2}
max
l|max - l|min
n.__add__(1)
'a'.__len__()
''.join(['x'] * 3)
""".strip("\n").split("\n")

# Two of the expressions span two lines.
EXPRESSIONS = "\n".join(EXPRESSIONS).replace("\\\ncontinued", "\\\x00continued").split("\n")
EXPRESSIONS = [e.replace("\x00", "\n") for e in EXPRESSIONS]

TEMPLATES = [
    # white space
    "a\n{% if t %}\nb\n{% endif %}\nc\n",
    "a\n  {% if t %}  \n  b\n  {% endif %}\nc",
    "a\n  {%- if t -%}\n  b\n  {%- endif -%}\n c",
    "a {%+ if t %}b{%+ endif %} c",
    "  {%+ if t %}b{% endif %}",
    "  {% if t +%}\nb{% endif +%}\n c",
    "  {{ n }}  \n  {{- n }}\n{{ n -}}  \n  x",
    "x\n\n{# comment #}\n\ny",
    "x\n  {#- comment -#}\n y",
    "x {# a #} y {#+ b +#}\n z",
    "  {# a #}\nx",
    "{#\nmulti\nline {{ x }} {% if %}\n#}after",
    "{# unclosed",
    "{% raw %}{{ x }}{% if %}{% endraw %}",
    "a\n  {% raw %}\n  {{ x }}\n  {% endraw %}\nb",
    "a  {%- raw -%}  {{ x }}  {%- endraw -%}  b",
    "a {% raw -%} x {% endraw +%}\n b",
    "{%+ raw %} x {%+ endraw %}\ny",
    "{% raw %}unclosed",
    "trailing newline\n",
    "two trailing newlines\n\n",
    "\n",
    "",
    "\r\nwindows\r\nlines\r\n{% if t %}\r\nx\r\n{% endif %}\r\n",
    "mac\rlines\r",
    "{% if t %}x{% endif %}\n\n\ny",
    "\t {% set x = 1 %}\t\n{{ x }}",
    "a\n\t{% set x = 1 %} b",
    "text {% set x = 1 %}\n next",
    "{{ '{{' }} {{ '}}' }} {{ '{%' }}",
    "{{ {'a': {'b': 1}}}}",
    "{{ {'a': {'b': 1}} }}",
    "{{ [1, 2,\n 3] }}",
    "{%set x=1%}{{x}}",
    "{%-set x=1-%}{{x}}",
    "}} %} #} { {x} {",
    "{",
    "{{ 1 }}{",
    "a{{n}}b{{n}}c",
    "{{n}}\n",
    "{{n}}\n\n{{n}}",
    "{{ 'a\nb' }}",
    "{%- if t %}\n\n  x{% endif -%}\n\n\n",
    "{{ \"a\" -}}\n\n{{- \"b\" }}",
    "x{% if t %} {% endif %}y",
    "  {% for i in l %}\n    {{ i }}\n  {% endfor %}\n",
    "{% for i in l -%}\n  {{ i }}\n{%- endfor %}",
    "\u00a0{% if t %}x{% endif %}",
    "a\u3000{%- if t %}x{% endif %}",
    "{{ 1\u00a0+ 1 }}",
    "é{{ 'é' }}日本{{ uni }}",
    "{{ größe is defined }}{% set größe = 1 %}{{ größe }}",
    # if
    "{% if no %}a{% elif n == 7 %}b{% else %}c{% endif %}",
    "{% if no %}a{% elif no %}b{% elif t %}c{% else %}d{% endif %}",
    "{% if no %}a{% endif %}",
    "{% if undefinedvar %}a{% else %}b{% endif %}",
    "{% if undefinedvar.x %}a{% endif %}",
    "{% if n, 1 %}tuple{% endif %}",
    "{% if n: %}colon{% endif %}",
    "{% if %}a{% endif %}",
    "{% if t %}a",
    "{% if t %}a{% endfor %}",
    "{% endif %}",
    "{% else %}",
    "{% if t %}a{% else %}b{% elif t %}c{% endif %}",
    "{% if t %}{% set v = 1 %}{% endif %}{{ v }}",
    "{% if no %}{% set v = 1 %}{% endif %}{{ v is defined }}{{ v }}",
    "{% if no %}{% set n = 1 %}{% endif %}{{ n }}",
    "{% if t %}{% set n = 1 %}{% else %}{% set n = 2 %}{% endif %}{{ n }}",
    "{% for i in l %}{% if i == 1 %}{% set n = i %}{% endif %}{{ n }},{% endfor %}{{ n }}",
    "{% for i in l %}{% set n = i %}{{ n }}{% endfor %}{{ n }}",
    "{% for i in l %}{{ n }}{% set n = i %}{{ n }};{% endfor %}",
    "{% for i in l %}{% if no %}{% set q = i %}{% endif %}{{ q }}{% endfor %}",
    "{% for i in l %}{% if i == 1 %}{% set s = i %}{% elif i == 2 %}{{ s }}{% else %}{{ s }}{% endif %}{{ s }}{% endfor %}",
    "{% for i in l %}{% set people = i %}{% endfor %}{{ people|length }}",
    "{% for i in l %}{% if i == 3 %}{% set x = 'set' %}{% endif %}{{ x }}|{% endfor %}",
    "{% set x = 0 %}{% for i in l %}{% set x = x + i %}{{ x }} {% endfor %}{{ x }}",
    "{% set x = 0 %}{% for i in l %}{% if t %}{% set x = x + i %}{% endif %}{{ x }} {% endfor %}{{ x }}",
    "{% set x = x + 1 %}",
    "{% set x = x|default(1) + 1 %}{{ x }}",
    # for
    "{% for i in l %}{{ i }},{% endfor %}",
    "{% for i in [] %}x{% else %}empty{% endfor %}",
    "{% for i in l %}x{% else %}empty{% endfor %}",
    "{% for i in undefinedvar %}x{% else %}empty{% endfor %}",
    "{% for i in none %}x{% endfor %}",
    "{% for i in 5 %}x{% endfor %}",
    "{% for c in s %}{{ c }}.{% endfor %}",
    "{% for c in uni %}{{ c }}.{% endfor %}",
    "{% for k in d %}{{ k }}{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d|dictsort %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d|items %}{{ k }}={{ v }};{% endfor %}",
    "{% for (k, v) in d.items() %}{{ k }}{% endfor %}",
    "{% for k, v in d %}x{% endfor %}",
    "{% for k, v in l %}x{% endfor %}",
    "{% for a, b in nested %}x{% endfor %}",
    "{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for a, in [(1,)] %}{{ a }}{% endfor %}",
    "{% for i in l if i > 1 %}{{ i }}{{ loop.index }}{{ loop.length }}{{ loop.last }};{% endfor %}",
    "{% for i in l if i > 9 %}x{% else %}none{% endfor %}",
    "{% for i in 1, 2, 3 %}{{ i }}{% endfor %}",
    "{% for i in range(3) %}{{ loop.index }}/{{ loop.index0 }}/{{ loop.revindex }}/{{ loop.revindex0 }}/{{ loop.first }}/{{ loop.last }}/{{ loop.length }};{% endfor %}",
    "{% for i in l %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }};{% endfor %}",
    "{% for i in l %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }};{% endfor %}",
    "{% for i in l %}{{ loop.cycle('odd', 'even') }} {% endfor %}",
    "{% for i in l %}{{ loop.cycle() }} {% endfor %}",
    "{% for i in [1, 1, 2, 2, 1] %}{{ loop.changed(i) }} {% endfor %}",
    "{% for i in l %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}",
    "{% for i in l %}{{ loop }}{% endfor %}",
    "{% for i in l %}{{ loop.foo }}{% endfor %}",
    "{% for i in l %}{{ loop|length }}{% endfor %}",
    "{% for i in l|map('string') %}{{ loop.length }}{{ loop.last }}{{ i }};{% endfor %}",
    "{% for i in l|map('string') %}{{ loop.last }}{{ loop.length }}{{ i }};{% endfor %}",
    "{% for i in l|map('string') %}{{ loop.revindex }}{{ i }};{% endfor %}",
    "{% for i in l %}{% for j in nested %}{{ loop.index }}{% endfor %}{{ loop.index }};{% endfor %}",
    "{% for i in l %}{% set outer = loop %}{% for j in nested %}{{ outer.index }}.{{ loop.index }} {% endfor %}{% endfor %}",
    "{% for i in l %}{% for j in nested %}{{ i }}{% endfor %}{% endfor %}{{ i }}",
    "{% for i in l %}{% if i == 1 %}{% continue %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in l %}{% if i == 1 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in l %}{% break %}{% else %}else{% endfor %}",
    "{% for i in l %}{% continue %}{% else %}else{% endfor %}",
    "{% for i in l %}{% for j in l %}{% if j == 1 %}{% break %}{% endif %}{{ j }}{% endfor %};{% endfor %}",
    "{% break %}",
    "{% continue %}",
    "{% for i in l %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
    "{% for i in l recursive %}{{ i }}{% endfor %}",
    "{% for i in [[1, [2, 3]], 4] recursive %}{% if i is iterable %}({{ loop(i) }}){% else %}{{ i }}@{{ loop.depth }}{% endif %},{% endfor %}",
    "{% for i in [{'v': 1, 'c': [{'v': 2, 'c': []}]}] recursive %}{{ i.v }}{{ loop(i.c) }}{% else %}.{% endfor %}",
    "{% for i in l %}{{ loop(l) }}{% endfor %}",
    "{% for loop in l %}x{% endfor %}",
    "{% for i in l %}{% set loop = 1 %}{% endfor %}",
    "{% for n in [n] %}{{ n }}{% endfor %}",
    "{% for l in l %}{{ l }}{% endfor %}{{ l }}",
    "{% for i in l %}{{ loop.index }}{% else %}{{ loop is defined }}{% endfor %}",
    "{% for i in [] %}{% else %}{{ loop is defined }}{% endfor %}",
    "{{ loop is defined }}{% for i in l %}{{ loop is defined }}{% endfor %}",
    "{% for i in l if loop is defined %}{{ i }}{% endfor %}",
    "{% for i in d.values()|list + [9] %}{{ i }}{% endfor %}",
    "{% for m in messages[1:] %}{{ m.role }} {% endfor %}",
    "{% for m in messages|reverse %}{{ m['role'] }} {% endfor %}",
    "{% for m in messages[::-1] %}{{ m.role }}{{ ' ' if not loop.last }}{% endfor %}",
    "{% for m in messages %}{% if m.tool_calls %}{% for c in m.tool_calls %}{{ c.function.name }}({{ c.function.arguments|tojson }}){% endfor %}{% endif %}{% endfor %}",
    "{% for b in range(7)|batch(3) %}{{ b }}{% endfor %}",
    "{% for g in people|groupby('city') %}{{ g.grouper }}:{{ g.list|length }} {% endfor %}",
    "{% for city, items in people|groupby('city') %}{{ city }}:{{ items|length }} {% endfor %}",
    "{% for i in range(3) %}{% set x = i %}{% endfor %}{{ x }}",
    "{% for i in l: %}{{ i }}{% endfor %}",
    "{% for i l %}{% endfor %}",
    "{% for i.x in l %}{% endfor %}",
    "{% for 1 in l %}{% endfor %}",
    "{% for i in l %}",
    # set
    "{% set a = 1 %}{{ a }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set a, b = [1, 2] %}{{ a }}{{ b }}",
    "{% set (a, b) = (1, 2) %}{{ a }}{{ b }}",
    "{% set a, b = 1, 2, 3 %}",
    "{% set a, b = 1, %}",
    "{% set a, b = 5 %}",
    "{% set a, b = 'xy' %}{{ b }}{{ a }}",
    "{% set a = 1, 2 %}{{ a }}",
    "{% set a = 1 if no %}{{ a is defined }}",
    "{% set a %}block {{ n }}{% endset %}[{{ a }}]",
    "{% set a | upper %}block {{ n }}{% endset %}[{{ a }}]",
    "{% set a | upper | trim %} block {{ n }} {% endset %}[{{ a }}]",
    "{% set a | replace('b', 'x') %}b{% endset %}[{{ a }}]",
    "{% set a %}{% set b = 1 %}{{ b }}{% endset %}{{ a }}{{ b is defined }}",
    "{% set a, b %}xy{% endset %}{{ b }}{{ a }}",
    "{% set true = 1 %}",
    "{% set none = 1 %}",
    "{% set 1 = 1 %}",
    "{% set a.b = 1 %}",
    "{% set n.x = 1 %}",
    "{% set d.x = 1 %}",
    "{% set d['x'] = 1 %}",
    "{% set ns = namespace(x=1, y='a') %}{{ ns.x }}{{ ns.y }}{{ ns.z is defined }}{% set ns.z = 3 %}{{ ns.z }}",
    "{% set ns = namespace(x=0) %}{% for i in l %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace() %}{% set ns.a, ns.b = 1, 2 %}{{ ns }}",
    "{% set ns = namespace() %}{% set ns.a %}text{% endset %}{{ ns.a }}",
    "{% set ns = namespace(found=false) %}{% for m in messages[::-1] %}{% if m.role == 'user' and not ns.found %}{% set ns.found = true %}{{ loop.index0 }}{% endif %}{% endfor %}",
    "{% set ns = namespace(l=[]) %}{% for i in l %}{% set ns.l = ns.l + [i * 2] %}{% endfor %}{{ ns.l }}",
    "{% set ns = namespace(a=1) %}{{ ns['a'] }}{{ ns['b'] is defined }}{{ ns|attr('a') }}",
    "{% set a = [] %}{% for i in l %}{% set _ = a.append(i) %}{% endfor %}{{ a }}",
    "{% set x = 'outer' %}{% for i in [1] %}{% set x = 'inner' %}{{ x }}{% endfor %}{{ x }}",
    "{% set a = b = 1 %}",
    "{% set a %}unclosed",
    "{% set a = n|upper ~ 'x' %}{{ a }}",
    "{% set a = dict(d, z=1) %}{{ a }}",
    # macro, call
    "{% macro m(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{{ m(1) }} {{ m(1, 3) }} {{ m(a=5) }} {{ m(b=1, a=0) }} {{ m() }}",
    "{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}{{ m(none) }}",
    "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}",
    "{% macro m(a=b, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ m() }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, b=2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}",
    "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}",
    "{% macro m(a) %}{{ a }}{{ varargs|join('+') }}{% endmacro %}{{ m(1, 2, 3) }}",
    "{% macro m(a) %}{{ kwargs.get('b', 0) }}{% endmacro %}{{ m(1, b=2) }}",
    "{% macro m(a, kwargs) %}{{ kwargs }}{% endmacro %}{{ m(1, b=2) }}",
    "{% macro m() %}x{% endmacro %}{{ m }}",
    "{% macro m(a, b) %}x{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}{{ m.zz is defined }}",
    "{% macro m() %}  padded  {% endmacro %}[{{ m()|trim }}]",
    "{% macro m() %}{{ n }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{{ x }}{% endmacro %}{% set x = 1 %}{{ m() }}",
    "{% set x = 1 %}{% macro m() %}{{ x }}{% set x = 2 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}",
    "{% for i in l %}{{ m(i) }}{% endfor %}{% macro m(a) %}{{ a }}{% endmacro %}",
    "{{ m() }}{% macro m() %}x{% endmacro %}",
    "{% macro fact(k) %}{% if k <= 1 %}1{% else %}{{ k * fact(k - 1)|int }}{% endif %}{% endmacro %}{{ fact(10) }}",
    "{% macro forever() %}{{ forever() }}{% endmacro %}{{ forever() }}",
    "{% for i in l %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% if t %}{% macro m() %}in if{% endmacro %}{% endif %}{{ m() }}",
    "{% macro outer() %}{% macro inner(a) %}<{{ a }}>{% endmacro %}{{ inner(1) }}{% endmacro %}{{ outer() }}",
    "{% macro m(a, b=1, c) %}{% endmacro %}",
    "{% macro m(a) %}{% set a = a + 1 %}{{ a }}{% endmacro %}{{ m(1) }}",
    "{% macro m(messages) %}{{ messages|length }}{% endmacro %}{{ m([1]) }}{{ messages|length }}",
    "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}body {{ n }}{% endcall %}",
    "{% macro m(x) %}{% for i in l %}{{ caller(i, x) }}{% endfor %}{% endmacro %}{% call(i, x) m('q') %}{{ i }}{{ x }};{% endcall %}",
    "{% macro m() %}{{ caller }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}{% call m() %}{% endcall %}",
    "{% macro m() %}no caller{% endmacro %}{% call m() %}x{% endcall %}",
    "{% macro m(caller=none) %}{{ caller() if caller else 'none' }}{% endmacro %}{{ m() }}{% call m() %}x{% endcall %}",
    "{% macro m(caller) %}{{ caller() }}{% endmacro %}",
    "{% call n %}x{% endcall %}",
    "{% call range(3) %}x{% endcall %}",
    "{% macro m() %}{{ caller(1, 2) }}{% endmacro %}{% call(a) m() %}{{ a }}{% endcall %}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{% for i in l %}{% call m() %}{{ i }}{{ loop.index }}{% endcall %}{% endfor %}",
    "{% set f = 5 %}{% macro m(f) %}{{ f }}{% endmacro %}{{ m(1) }}{{ f }}",
    "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1, 2]) }}{{ m(**{'a': 3, 'b': 4}) }}{{ m(1, *[2]) }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ l|map('string')|map('upper')|list }}{{ m('<') }}",
    "{% macro m() -%}\n  line\n{%- endmacro %}[{{ m() }}]",
    "{% macro m() %}{% if t %}a{% endif %}\n{% endmacro %}[{{ m() }}]",
    "{% macro m(x) %}{{ x }}{% endmacro %}{% set f = m %}{{ f(3) }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ [m][0](3) }}{{ {'f': m}.f(4) }}",
    "{% macro m(x) %}{{ x|upper }}{% endmacro %}{{ m('a') + 'b' }}{{ m('x')|length }}",
    # filter blocks, with, print, generation
    "{% filter upper %}abc {{ n }}{% endfilter %}",
    "{% filter upper|trim %}  abc {% endfilter %}|",
    "{% filter replace('a', 'b') %}aaa{% endfilter %}",
    "{% filter indent(2) %}a\nb{% endfilter %}",
    "{% filter nofilter %}a{% endfilter %}",
    "{% filter upper %}{% set x = 1 %}a{% endfilter %}{{ x is defined }}",
    "{% for i in l %}{% filter upper %}a{% if i == 1 %}{% break %}{% endif %}{% endfilter %}{% endfor %}",
    "{% with %}{% set x = 1 %}{{ x }}{% endwith %}{{ x is defined }}",
    "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}",
    "{% with n = 1 %}{{ n }}{% endwith %}{{ n }}",
    "{% with a = n, n = 2 %}{{ a }}{{ n }}{% endwith %}",
    "{% with n = n + 1 %}{{ n }}{% endwith %}{{ n }}",
    "{% with a, b = 1 %}{{ a }}{% endwith %}",
    "{% print n %}",
    "{% print n, s %}",
    "{% generation %}text {{ n }}{% endgeneration %}",
    "a\n  {% generation %}\n  text\n  {% endgeneration %}\nb",
    "{% for m in messages %}{% generation %}{{ m.role }}{% endgeneration %}{% endfor %}",
    "{% generation %}{% set x = 1 %}{{ x }}{% endgeneration %}{{ x is defined }}",
    "{% for i in l %}{% generation %}{{ loop.index }}{{ i }}{% endgeneration %}{% endfor %}",
    "{% for i in l %}{% generation %}{% break %}{% endgeneration %}{% endfor %}",
    # refused tags
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% do l.append(1) %}",
    "{% trans %}x{% endtrans %}",
    "{% debug %}",
    "{% unknown %}",
    "{% %}",
    "{{ }}",
    "{{ 1 2 }}",
    "{{ 1 + }}",
    "{{ (1 }}",
    "{{ [1 }}",
    "{{ 1) }}",
    "{{ 'a }}",
    "{{ a b }}",
    "{{ a. }}",
    "{{ a.1.2 }}",
    "{{ a['x' }}",
    "{{ f(a=1, 2) }}",
    "{{ $ }}",
    "{{ a ! b }}",
    "{{ a & b }}",
    "{{ x",
    "{% if x",
    "{{ a is }}",
    "{{ a | }}",
    "{{ not }}",
    "{{ in }}",
    "{{ 1 if }}",
    "{{ a == = b }}",
    "{{ a <> b }}",
    "{{ {1} }}",
    "{{ {1:} }}",
    "{{ '\\x4' }}",
    "{{ '\\N{NO SUCH NAME}' }}",
    # what is not there, and where that matters
    "{% if false %}{{ s|nofilter }}{% endif %}",
    "{% if false %}{{ s is notest }}{% endif %}",
    "{% if false %}{{ l|map('nofilter')|list }}{% endif %}",
    "{% if false %}{{ l|select('notest')|list }}{% endif %}",
    "{% if false %}{{ l|selectattr('x', 'notest')|list }}{% endif %}",
    "{% if false %}{{ unknownfn() }}{% endif %}",
    "{% if false %}{{ 'abc'.foo() }}{% endif %}",
    "{% if false %}{{ [1].append(2) }}{% endif %}",
    "{% if false %}{{ {}.update(a=1) }}{% endif %}",
    "{% if n %}{{ s|nofilter }}{% endif %}",
    "{% if s is notest %}{% endif %}",
    "{% if true %}ok{% elif s is notest %}{% elif s|nofilter %}{% else %}{{ s|nofilter }}{% endif %}",
    "{{ nofn() if false else 'ok' }}",
    "{{ s|nofilter if false else 'ok' }}",
    "{{ 'ok' if true else s|nofilter }}",
    "{{ 'ok' if n or s is notest else '' }}",
    "{{ [s|nofilter if false else 'ok', n] }}",
    "{{ (s if false else 'ok')|nofilter }}",
    "{% if false %}{% for i in l|nofilter %}{% endfor %}{% endif %}ok",
    "{% if false %}{% for i in l if i is notest %}{% endfor %}{% endif %}ok",
    "{% if false %}{% for i in l %}{{ i|nofilter }}{% endfor %}{% endif %}ok",
    "{% if false %}{% for i in l %}{% else %}{{ n|nofilter }}{% endfor %}{% endif %}ok",
    "{% if false %}{% set x = s|nofilter %}{% endif %}ok",
    "{% if false %}{% set x %}{{ s|nofilter }}{% endset %}{% endif %}ok",
    "{% if false %}{% set x|nofilter %}{% endset %}{% endif %}ok",
    "{% if false %}{% filter nofilter %}{% endfilter %}{% endif %}ok",
    "{% if false %}{% filter upper %}{{ s|nofilter }}{% endfilter %}{% endif %}ok",
    "{% if false %}{% with x = s|nofilter %}{% endwith %}{% endif %}ok",
    "{% if false %}{% with x = s %}{{ x|nofilter }}{% endwith %}{% endif %}ok",
    "{% if false %}{% macro m(x=s|nofilter) %}{% endmacro %}{% endif %}ok",
    "{% if false %}{% macro m() %}{{ s|nofilter }}{% endmacro %}{% endif %}ok",
    "{% if false %}{% call m(s|nofilter) %}{% endcall %}{% endif %}ok",
    "{% if false %}{% call m() %}{{ s|nofilter }}{% endcall %}{% endif %}ok",
    "{% if false %}{% generation %}{{ s|nofilter }}{% endgeneration %}{% endif %}ok",
    "{% macro m() %}{{ s|nofilter }}{% endmacro %}ok",
    "{% macro m() %}{{ nofn() }}{{ s|pprint }}{{ 'a'.foo() }}{% endmacro %}ok",
    "{% macro m() %}{% if false %}{{ s|nofilter }}{% endif %}{% endmacro %}{{ m() }}ok",
    "{% for i in [] %}{{ i|nofilter }}{% endfor %}ok",
    "{% for i in [] %}{{ nofn() }}{{ i|pprint }}{{ 'a'.foo() }}{% endfor %}ok",
    "{% for i in l %}{% if false %}{{ i|nofilter }}{% endif %}{{ i }}{% endfor %}",
    "{{ n and s|nofilter }}",
    "{{ 0 and nofn() }}{{ 1 or nofn() }}{{ 1 > 2 > nofn() }}",
    "{{ 1 < nofn() }}",
    "{{ []|map('nofilter')|list }}{{ []|select('notest')|list }}{{ none|map('nofilter')|list }}",
    "{{ l|map('nofilter')|list }}",
    "{% if 'nofilter' is filter %}{{ s|nofilter }}{% else %}ok{% endif %}",
    "{% if 'notest' is test and s is notest %}{% else %}ok{% endif %}",
    "{% if false %}{{ lipsum() }}{{ s|random }}{{ s|wordwrap(5) }}{{ 'abc'.encode() }}{{ x.translate({}) }}{% endif %}ok",
    "{% if true %}{{ nofn() }}{% endif %}",
    "{% if false %}{{ s|no.filter }}{{ s is no.test }}{% endif %}ok",
    # exceptions within
    "before{{ raise_exception('stop: ' ~ n) }}after",
    "{% if messages[0].role != 'user' %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}",
    "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('alternate') }}{% endif %}{% endfor %}",
    # names that are Python's or special
    "{% set class = 1 %}{{ class }}{{ dict(class=2) }}",
    "{% macro m(class, def=2) %}{{ class }}{{ def }}{% endmacro %}{{ m(class=1) }}",
    "{% set if = 1 %}{{ if }}",
    "{% set not = 1 %}",
    "{% set is = 1 %}{{ is }}",
    "{% set in = 1 %}{{ 1 in [1] }}",
    "{{ True }}{{ true }}{{ False }}{{ None }}{{ none }}{{ TRUE is defined }}",
    "{{ d.True }}{{ d.none is defined }}",
    "{% set range = 5 %}{{ range }}",
    "{% set dict = l %}{{ dict }}",
    "{{ self is defined }}",
    "{{ __x is defined }}{% set __x = 1 %}{{ __x }}{% set _y = 2 %}{{ _y }}",
    "{% set caller = 1 %}{{ caller }}",
    "{{ varargs is defined }}{{ kwargs is defined }}",
    # idioms of chat templates
    "{% if messages[0]['role'] == 'system' %}{% set system_message = messages[0]['content'] %}{% set loop_messages = messages[1:] %}{% else %}{% set loop_messages = messages %}{% endif %}{{ system_message }}|{{ loop_messages|length }}",
    "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|' + message['role'] + '|>' + (message['content'] or '')|trim %}{% if loop.index0 == 0 %}{% set content = bos_token|default('') + content %}{% endif %}{{ content }}{% endfor %}",
    "{%- set ns = namespace(multi=true, last=messages|length - 1) %}{%- for m in messages[::-1] %}{%- set index = (messages|length - 1) - loop.index0 %}{%- if ns.multi and m.role == 'user' and m.content is string and not(m.content.startswith('<tool>') and m.content.endswith('</tool>')) %}{%- set ns.multi = false %}{%- set ns.last = index %}{%- endif %}{%- endfor %}{{ ns.last }}",
    "{% set content = 'a</think>\\n\\nb' %}{% if '</think>' in content %}{{ content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') }}+{{ content.split('</think>')[-1].lstrip('\\n') }}{% endif %}",
    "{% if not date_string is defined %}{% set date_string = '26 Jul 2024' %}{% endif %}{{ date_string }}",
    "{% if not tools is defined %}{% set tools = none %}{% endif %}{{ tools }}",
    "{{- '<|a|>' }}\n{{- '<|b|>' -}}\n<|c|>",
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + (m['content'] if m['content'] else '') + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    "{% set args = messages[2].tool_calls[0].function.arguments %}{{ args if args is string else args|tojson }}",
    "{%- for k, v in messages[2].tool_calls[0].function.arguments|items %}{{ k }}={{ v|tojson if v is mapping or (v is sequence and v is not string) else v|string }};{% endfor %}",
    "{% macro render_extra_keys(json_dict, handled_keys) %}{% if json_dict is mapping %}{% for k in json_dict if k not in handled_keys %}{% if json_dict[k] is mapping or (json_dict[k] is sequence and json_dict[k] is not string) %}<{{ k }}>{{ json_dict[k]|tojson|safe }}</{{ k }}>{% else %}<{{ k }}>{{ json_dict[k]|string }}</{{ k }}>{% endif %}{% endfor %}{% endif %}{% endmacro %}{{ render_extra_keys({'a': 1, 'b': [1], 'c': {'d': 2}}, ['a']) }}",
    "{% set ids = messages|map(attribute='tool_call_id')|select|list %}{{ ids }}",
    "{% if (messages|selectattr('role', 'equalto', 'system')|list)|length > 0 %}{{ (messages|selectattr('role', 'equalto', 'system')|map(attribute='content')|list)[0] }}{% endif %}",
    "{{ messages|map(attribute='role')|join('/') }}{{ (messages|last).role }}{{ messages[-1]['role'] not in ['user', 'system'] }}",
    "{% for message in messages if message.role != 'system' %}{{ loop.index }}{{ message.role }}{{ loop.first }}{{ loop.previtem.role if loop.previtem }};{% endfor %}",
    "{% set u = messages | selectattr('role', 'equalto', 'user') | list %}{% set last = u[-1] if u else none %}{{ last.content if last else 'none' }}",
]

# Fine for jinja2 (or only failing when they run), and refused when the template is read.
REFUSED = [
    "{{ lipsum() }}",
    "{{ 'abc'.encode() }}",
    "{{ x.translate({}) }}",
    "{{ s|wordwrap(5) }}",
    "{{ l|random }}",
    "{{ s|pprint }}",
    "{{ s|striptags }}",
    "{{ s|urlize }}",
    "{% block x %}a{% endblock %}",
    "{% autoescape true %}a{% endautoescape %}",
    "{% if false %}{% include 'x' %}{% endif %}",
]
