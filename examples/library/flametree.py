# SPDX-License-Identifier: MIT
"""flametree: libflametree from Python, by ctypes. Copy this file to where it is needed.

    import flametree
    profile = flametree.Profile().read('out.perf')
    for function in profile.top(10):
        print(profile.weight(function.self), function.name)
    profile.draw('out.svg', title='db7')

flametree.h says what each call does and which fields the options have: they are keyword arguments
here. $LIBFLAMETREE may name the library. Names are str; bytes that are no UTF-8 are kept as Python
does it (surrogateescape).
"""
import collections
import ctypes
import ctypes.util
import os
from ctypes import POINTER, c_bool, c_char, c_char_p, c_double, c_int, c_size_t, c_uint32, c_uint64
from ctypes import c_uint, c_void_p

_path = os.environ.get('LIBFLAMETREE') or ctypes.util.find_library('flametree')
if not _path:
    raise ImportError('there is no libflametree here; LIBFLAMETREE can hold its path')
_library = ctypes.CDLL(_path)


class Error(Exception):
    """code: 1 input, 2 io, 3 memory, 4 usage, 5 support."""

    def __init__(self, given):
        self.code, self.errno, self.line = given.code, given.sys, given.line
        self.file = os.fsdecode(given.file)
        place = self.file + (':%d' % self.line if self.line else '')
        super().__init__((place + ': ' if place else '') + given.message.decode('utf-8', 'replace'))


class _Error(ctypes.Structure):
    _fields_ = [('code', c_int), ('sys', c_int), ('line', c_uint64), ('file', c_char * 256),
                ('message', c_char * 512)]


class _Text(ctypes.Structure):
    _fields_ = [('bytes', c_void_p), ('size', c_size_t)]

    def __str__(self):
        text = ctypes.string_at(self.bytes, self.size) if self.size else b''
        return text.decode('utf-8', 'surrogateescape')


def _count_of(name):
    """The field with the length of a list."""
    return {'color_rules': 'color_rule_count', 'classes': 'class_count'}.get(name, name + '_count')


def _fields(text):
    """The fields of a struct: 'size:size flag:bool name,other:text list:texts'."""
    types = {'size': c_size_t, 'bool': c_bool, 'text': c_char_p, 'double': c_double,
             'u64': c_uint64, 'u32': c_uint32, 'uint': c_uint, 'pointer': c_void_p, 'Text': _Text,
             'texts': POINTER(c_char_p), 'texts2': c_char_p * 2, 'doubles2': c_double * 2}
    fields = []
    for part in text.split():
        names, kind = part.split(':')
        for name in names.split(','):
            fields.append((name, types[kind]))
            if kind == 'texts':
                fields.append((_count_of(name), c_size_t))
    return fields


class _Options(ctypes.Structure):
    """Keyword arguments as a struct. What they point to lives as long."""

    @classmethod
    def make(cls, values):
        kinds, options = dict(cls._fields_), cls(size=ctypes.sizeof(cls))
        options.kept = []
        for name, value in values.items():
            if name not in kinds:
                raise TypeError('%s has no field %s' % (cls.__name__, name))
            kind = kinds[name]
            if kind is POINTER(c_char_p):
                texts = (c_char_p * len(value))(*[os.fsencode(text) for text in value])
                options.kept.append(texts)
                setattr(options, name, texts)
                setattr(options, _count_of(name), len(value))
            elif kind in (c_char_p * 2, c_double * 2):
                setattr(options, name, kind(*[os.fsencode(v) if isinstance(v, str) else v
                                              for v in value]))
            else:
                setattr(options, name, os.fsencode(value) if isinstance(value, str) else value)
        return options


class Setup(_Options):
    _fields_ = _fields('size:size resize,context:pointer limit:size in_order:bool')


class Reading(_Options):
    _fields_ = _fields('size:size format,event_filter:text pid,tid,marks,addresses,count_samples,'
                       'strict:bool sample_index,tag_root:text tag_focus,tag_ignore:texts '
                       'lines,no_lines,no_inlines,no_modules,idle,keep_all:bool')


class Comparison(_Options):
    _fields_ = _fields('size:size normalize,strip_hex:bool scale:text work:doubles2 work_unit:text '
                       'labels:texts2 sample_weight,confidence,min_delta:double '
                       'classes:texts')


class Picture(_Options):
    _fields_ = _fields(
        'size:size format,title,subtitle,count_name,name_type,notes,font,colors,bg_colors,search,'
        'id_prefix,theme,css:text width,row_height,font_size,font_width,min_width,factor:double '
        'inverted,reverse,by_weight,hash,negate,delta_self,no_script,fragment,no_facts:bool '
        'scale:double background,raster,unit,width_of,total:text color_rules:texts attributes:text '
        'random:bool seed:u64 terminal_colors:text classes:texts')


class Report(_Options):
    _fields_ = _fields('size:size format,view,sort:text top:size peek:texts min_width:double '
                       'reverse:bool unit,count_name:text factor:double')


class _Summary(ctypes.Structure):
    _fields_ = _fields('size:size samples,lines,ignored,total:u64 decimals,sides:uint '
                       'value,unit:Text left_out:u64 left_out_as:Text overflow:bool')


class _Filter(ctypes.Structure):
    _fields_ = [('kind', c_int), ('text', c_char_p), ('number', c_uint64)]


class _Node(ctypes.Structure):
    _fields_ = _fields('name,module,file:Text line,depth:u32 self,total,self_before,total_before,'
                       'places:u64')


class _Change(ctypes.Structure):
    _fields_ = [('verdict', c_char_p), ('scale', c_char_p)] + _fields('before,after,low,high,percent:double')


class _FunctionChange(ctypes.Structure):
    _fields_ = [('name', _Text), ('total', _Change), ('self', _Change), ('cause', _Text)]


class _Gate(ctypes.Structure):
    _fields_ = [('limit', c_char_p), ('verdict', c_int), ('sentence', _Text)]


FILTERS = ('rename', 'focus', 'ignore', 'hide', 'show', 'show_from', 'prune_from', 'skip_after',
           'merge_recursion', 'max_depth')
NODE = [name for name, kind in _Node._fields_]
Node = collections.namedtuple('Node', NODE)
Summary = collections.namedtuple('Summary', [name for name, kind in _Summary._fields_][1:])
Change = collections.namedtuple('Change', 'verdict scale before after low high percent')
FunctionChange = collections.namedtuple('FunctionChange', 'name total self cause')
VERDICTS = ('fine', 'regression', 'too little data')
_NODE_FN = ctypes.CFUNCTYPE(c_bool, c_void_p, POINTER(_Node))
_WRITE_FN = ctypes.CFUNCTYPE(c_bool, c_void_p, POINTER(c_char), c_size_t)

_CHANGE_FN = ctypes.CFUNCTYPE(c_bool, c_void_p, POINTER(_FunctionChange))
_GATE_FN = ctypes.CFUNCTYPE(c_bool, c_void_p, POINTER(_Gate))

for _name in ('flametree_new', 'flametree_compare_runs'):
    getattr(_library, _name).restype = c_void_p
for _name in ('read_file', 'read_memory', 'add', 'add_fact', 'merge', 'apply', 'draw', 'draw_file',
              'write_report', 'write_report_file', 'walk', 'top', 'summarize', 'fact', 'value',
              'label', 'event', 'judge', 'changes'):
    getattr(_library, 'flametree_' + _name).restype = c_bool
_library.flametree_version.restype = c_char_p


def version():
    return _library.flametree_version().decode()


def _call(name, *arguments):
    error = _Error()
    result = getattr(_library, 'flametree_' + name)(*arguments, ctypes.byref(error))
    if not result:
        raise Error(error)
    return result


def compare(before, after, **options):
    """A comparison of several recordings of each side."""
    sides = [(c_void_p * len(side))(*[profile._handle for profile in side])
             for side in (before, after)]
    return Profile(_call('compare_runs', sides[0], c_size_t(len(before)), sides[1],
                         c_size_t(len(after)), ctypes.byref(Comparison.make(options))))


class Profile:
    def __init__(self, handle=None, **setup):
        self._handle = c_void_p(handle or _call('new', ctypes.byref(Setup.make(setup))))

    def __del__(self):
        if hasattr(self, '_handle'):
            _library.flametree_free(self._handle)

    def read(self, path, **options):
        _call('read_file', self._handle, os.fsencode(path), ctypes.byref(Reading.make(options)))
        return self

    def read_bytes(self, data, name='bytes', **options):
        _call('read_memory', self._handle, os.fsencode(name), data, c_size_t(len(data)),
              ctypes.byref(Reading.make(options)))
        return self

    def add(self, frames, weight=1):
        texts = (c_char_p * len(frames))(*[os.fsencode(frame) for frame in frames])
        _call('add', self._handle, texts, c_size_t(len(frames)), c_uint64(weight))

    def add_fact(self, key, value):
        _call('add_fact', self._handle, os.fsencode(key), os.fsencode(value))

    def merge(self, other):
        _call('merge', self._handle, other._handle)

    def apply(self, *filters):
        """Filters are pairs: ('hide', '^libc'), ('max_depth', 40), ('merge_recursion', None)."""
        given = (_Filter * len(filters))()
        for to, (kind, value) in zip(given, filters):
            to.kind = FILTERS.index(kind)
            if kind == 'max_depth':
                to.number = value
            elif value is not None:
                to.text = os.fsencode(value)
        _call('apply', self._handle, given, c_size_t(len(filters)))
        return self

    def compare(self, after, **options):
        return compare([self], [after], **options)

    def changes(self):
        """The whole run, whose name is empty, and all functions of a comparison."""
        changes = []

        def visit(_, given):
            total, own = (Change(change.verdict.decode(), change.scale.decode(),
                                 *[getattr(change, name) for name in Change._fields[2:]])
                          for change in (given.contents.total, given.contents.self))
            changes.append(FunctionChange(str(given.contents.name), total, own,
                                          str(given.contents.cause)))
            return True

        _call('changes', self._handle, _CHANGE_FN(visit), None)
        return changes

    def judge(self, *limits, fail_on_moved=False):
        """(verdict, sentence) for each limit of a comparison."""
        gates = []

        def visit(_, gate):
            gates.append((VERDICTS[gate.contents.verdict], str(gate.contents.sentence)))
            return True

        texts = (c_char_p * len(limits))(*[os.fsencode(limit) for limit in limits])
        _call('judge', self._handle, texts, c_size_t(len(limits)), c_bool(fail_on_moved),
              _GATE_FN(visit), None)
        return gates

    def summary(self):
        summary = _Summary(size=ctypes.sizeof(_Summary))
        if not _library.flametree_summarize(self._handle, ctypes.byref(summary)):
            raise MemoryError('memory ran out in an earlier call')
        values = (getattr(summary, name) for name in Summary._fields)
        return Summary(*[str(value) if isinstance(value, _Text) else value for value in values])

    def weight(self, units):
        """A weight of a node as a number."""
        return units / 10 ** self.summary().decimals

    def _texts(self, name, texts, *more):
        i = 0
        given = [_Text() for _ in range(texts)]
        to = [ctypes.byref(x) for x in given + list(more)]
        while getattr(_library, 'flametree_' + name)(self._handle, c_size_t(i), *to):
            yield tuple([str(text) for text in given] + [x.value for x in more])
            i += 1

    def facts(self):
        return dict(self._texts('fact', 2))

    def values(self):
        """(name, unit, whether it is the weight of the stacks) of each value."""
        return list(self._texts('value', 2, c_bool()))

    def events(self):
        """(name, number of samples, whether they count) of each event."""
        return list(self._texts('event', 1, c_uint64(), c_bool()))

    def labels(self):
        return [key for key, in self._texts('label', 1)]

    def _nodes(self, name, *arguments):
        nodes, raised = [], []

        def visit(_, node):
            try:
                values = [getattr(node.contents, field) for field in NODE]
                nodes.append(Node(*[str(v) if isinstance(v, _Text) else v for v in values]))
                return True
            except Exception as exception:  # none may pass through the library
                raised.append(exception)
                return False

        _call(name, self._handle, *arguments, _NODE_FN(visit), None)
        if raised:
            raise raised[0]
        return nodes

    def walk(self):
        """All places of the tree, callers first."""
        return self._nodes('walk')

    def top(self, top=0, sort='self'):
        """Functions; 0: all of them."""
        return self._nodes('top', sort.encode(), c_size_t(top))

    def _output(self, name, path, options):
        if path:
            _call(name + '_file', self._handle, os.fsencode(path), ctypes.byref(options))
            return None
        parts = []

        def write(_, data, size):
            parts.append(ctypes.string_at(data, size))
            return True

        _call(name, self._handle, _WRITE_FN(write), None, ctypes.byref(options))
        return b''.join(parts)

    def draw(self, path=None, **options):
        """Without a path, returns the bytes."""
        return self._output('draw', path, Picture.make(options))

    def report(self, path=None, **options):
        return self._output('write_report', path, Report.make(options))
