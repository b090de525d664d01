"""What the vendor documents of every method: names, types, limits, codes.

>>> from wdt_proto import catalogue
>>> method = catalogue.method("sales.StockSync.syncFail")
>>> method.title
'库存同步失败'
>>> [field.name for field in method.params]
['apiGoodsId', 'info']
>>> method.params[1].fields[0].label
'最后同步库存量'
"""

from ._models import FailureList, Field, Method, Span
from ._native import method, methods, register

__all__ = ["FailureList", "Field", "Method", "Span", "method", "methods", "register"]
