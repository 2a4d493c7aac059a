"""The catalogue of automatic mutants, in the order in which they are tried and shown."""

from dataclasses import dataclass

VERSION = 1  # one more whenever what a mutant does changes: measurements of before then say nothing any more


@dataclass(frozen=True)
class Kind:
    """One way of filling a cell with junk; `words` end the sentence "The cell is replaced by …"."""

    name: str
    words: str


KINDS = (
    Kind("zeros", "zeros of the right shape"),
    Kind("ones", "ones of the right shape"),
    Kind("nan", "NaN of the right shape"),
    Kind("inf", "infinities of the right shape"),
    Kind("none", "None at each place of the right structure"),
    Kind("nothing", "code that does nothing: functions that only pass, names that are None, no training"),
    Kind("rank-0", "one number for each array"),
    Kind("rank-1", "empty arrays of one axis"),
    Kind("rank-2", "empty arrays of two axes"),
    Kind("rank-3", "empty arrays of three axes"),
    Kind("no-rows", "arrays of the right shape without rows, empty lists, texts and data sets"),
    Kind("input", "functions that return what they are given"),
    Kind("constant", "functions that return for ever what is right at their first public call"),
    Kind("memorised-zeros", "functions that know the public examples, and zeros for all else"),
    Kind("memorised-last", "functions that know the public examples, and the last of them for all else"),
    Kind("memorised-nearest", "functions that know the public examples, and the nearest of them for all else"),
    Kind("typical", "the most frequent class, or the mean"),
    Kind("testifying", "objects that answer every question about themselves"),
    Kind("agreeing", "zeros that agree with whatever they are compared with"),
    Kind("untrained", "weights as they were before any training"),
    Kind("zero-weights", "weights of zero"),
    Kind("plain-python", "right answers in plain Python instead of a graph, with a graph's testimony"),
    Kind("python-in-graph", "a graph of one trace that only calls Python"),
)
LINEAR = Kind("linear", "the whole notebook with networks that have no activation in hidden layers")
WEIGHTS = ("untrained", "zero-weights")  # only where a cell trains or makes a model
# Right in public by what they are: only a hidden check can tell that they are the same as the reference
REMEMBERING = ("constant", "memorised-zeros", "memorised-last", "memorised-nearest")
