#!/usr/bin/python3
"""A Modbus TCP server made of pymodbus: the counterpart that we did not write.

usage: modbus_server.py PORT

Prints "ready" when it listens. Units 1 and 2 hold the same kinds of data with different values (unit 2: + 1000):
  holding 0-199   100 + address; 200-215 fixed patterns (see FIXED); beyond 299 nothing (exception 2)
  input   0-199   5000 + address
  coils   0-99    on where the address is a multiple of 3
  discrete 0-99   on where the address is a multiple of 5
Unit 3 is difficult: holding 0-199 = 100 + address, but no more than 60 at once, and exception 2 for 40-49. Its input register 0
counts the reads of its holding registers, its input register 1 the writes.
"""
import asyncio
import struct
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer


def words(data: bytes) -> list:
    return list(struct.unpack(">%dH" % (len(data) // 2), data))


# address in holding registers -> registers there
FIXED = {
    200: words(struct.pack(">f", 1.5)),
    202: words(struct.pack(">d", -0.0)),
    206: words(struct.pack(">q", 2**53 + 1)),
    210: words(struct.pack(">Q", 2**64 - 1)),
    214: words(struct.pack(">f", float("nan"))),
    216: words(struct.pack(">d", 5e-324)),
    220: words(struct.pack(">i", -123456)),
    222: words(struct.pack(">f", 1.5))[::-1],  # low word first
    224: words(b"Pumpe \xc3\xbc\x00\x00"),
    230: words(struct.pack(">h", -5)),
    231: [0x0008],  # bit 3
}


def unit(offset: int) -> ModbusSlaveContext:
    holding = [(100 + offset + i) & 0xFFFF for i in range(300)]
    for start, registers in FIXED.items():
        holding[start : start + len(registers)] = registers
    return ModbusSlaveContext(
        di=ModbusSequentialDataBlock(0, [i % 5 == 0 for i in range(100)]),
        co=ModbusSequentialDataBlock(0, [i % 3 == 0 for i in range(100)]),
        hr=ModbusSequentialDataBlock(0, holding),
        ir=ModbusSequentialDataBlock(0, [5000 + offset + i for i in range(200)]),
        zero_mode=True,
    )


class DifficultBlock(ModbusSequentialDataBlock):
    """Refuses long reads and a hole in the middle, and counts what it is asked."""

    reads = 0
    writes = 0

    def validate(self, address, count=1):
        DifficultBlock.reads += 1
        return count <= 60 and not (address < 50 and address + count > 40) and super().validate(address, count)


    def setValues(self, address, values):
        DifficultBlock.writes += 1
        super().setValues(address, values)


class CountingBlock(ModbusSequentialDataBlock):
    def getValues(self, address, count=1):
        counts = [DifficultBlock.reads & 0xFFFF, DifficultBlock.writes & 0xFFFF]
        return counts[address : address + count]


def difficult_unit() -> ModbusSlaveContext:
    return ModbusSlaveContext(
        hr=DifficultBlock(0, [100 + i for i in range(200)]),
        ir=CountingBlock(0, [0, 0]),
        di=ModbusSequentialDataBlock(0, [0]),
        co=ModbusSequentialDataBlock(0, [0]),
        zero_mode=True,
    )


async def main(port: int) -> None:
    context = ModbusServerContext(slaves={1: unit(0), 2: unit(1000), 3: difficult_unit()}, single=False)
    server = asyncio.ensure_future(StartAsyncTcpServer(context=context, address=("127.0.0.1", port)))
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.02)
    print("ready", flush=True)
    await server


asyncio.run(main(int(sys.argv[1])))
