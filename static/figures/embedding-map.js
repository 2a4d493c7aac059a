// Word vectors learned from real mails: a map whose two axes are "how close to this word", and the neighbours of any
// word.
import { button, bytes, change, html, number, readout, svg } from "./parts.js";

// 32 numbers a word, times 127, learned from the 3,352 training mails of the data set "spam" by the code of the lesson.
const WORDS = `
  money cash income earn dollars million thousand price cost free buy sell order offer credit card cards debt loans
  mortgage bank account pay paid business company market marketing investment stock linux unix windows server
  servers file files directory root kernel install software program code perl python java version bug config network
  user users host proxy box machine disk memory system mail email spam filter list message messages monday tuesday
  wednesday thursday friday saturday june july august september october today tomorrow yesterday year month week
  hour minutes he she him her his they them their we our you your i my me it who what when where why how man men
  women woman people children friend family father mother wife life home house school world country war government
  president police law court state city good bad great better best nice wrong right big small large new old high low
  fast slow easy hard true think know believe say said wrote write read see look find found get take give make made
  want need use work click visit call send reply remove unsubscribe one two three four five six hundred first second
  third last next irish french american europe ireland china india air food book books music movie news paper
  science car phone
`
  .trim()
  .split(/\s+/);
const WIDTH = 32;
const BYTES = new Int8Array(
  bytes(`
    CgMVMw0IAAn96AkG9Q3+Ge/5Cvj76fXy+t4PDAkkOMT++P0eFv0M/wvfFxIDHv0bGAgA/P3g/g7p3goXHQ091fcTEiwECyghIv0ADw8O9R4F
    BAf67vcFBPTXChAhDS7Z8vgVOwoAGiIa8wobBw8FIPgH8xTr7vAH++cKFhELL9z8BPX0+/QLBA/0BAsBHAcGFwIHIdHNzxHX/gMP8Q0o3/EA
    6vkX9g/4BPkIBfgWHvwUB+sjxeXXGOMT9wP2/CfdDA7u6uj8DgQh/fgF+hIO/wwDAR7P3sgh1hEG/vIQDePv7v/89woO8gD7C/Ty8PHYAL4I
    GfAM8woc6xLVCdkd4wnx+xv+/PUMDAwA4AHJIvnx8gkY7O4LG/zhB/oi8jPXDBEI6vkF8vHn/xAF+AgC9NEBCPgLDt8FJ+ALCBfkPtUl8x3w
    DBIGAwr//QX5Bvvf8e7iEQYJ7QoZ8QXK/OUrygnR//k3Bin7/eT9FOz4B/fyIuoM6PT+8w339fgHEh/OAAz/3gsKFfz88Rn0/vf0FQTfEAH4
    INP4J/4MIBfrJcoVCwr0CPv8/fgKG/wU9+fz4uYKEuMP5BUu7P4HE+w1zfElDOL5+gMRAM4P+eQN+fIKDg/iDOoVCBHbDRAoAyne8SoM9ev5
    Dhv+6w8LyQYH/AMOBusa4PT5BukS2xHrIdTrM+zqAAkKBQrYJOrZB+/xDQgF8AblBwv63wsDGfso2/gS9u//ABoEFPMB8vIS/QQgChTQGOci
    DvbPDxEnAivp9gnp4goCFfMa8A3t7B4A8RUSDdYc5ycP9NgJCyT/Je4C//L8Av4S9hsP/vkCAgnvIQUM3R3lLRHoyA4TIf4r6+32If/9+QHt
    3scH8+7/8wQCBhj6FssC5u4I8xnoBCPa4v0XAe73+vPgww4EC/byGgsCBv4Gyf8FDAz8GxgEG88IAxUEBgjeAQDhM/35HQH18wf+7/Hk6g8L
    4REFEAg5zfP1EjPu+vcX7dIICAcECxUL7w0B89v6FuHlCgoAGCbSFPgLFCkELPQC9P0U/ezzA/wJ/SAP9wja9w/sFgjzN8sKDxIMKQ7w+/z+
    +iX54vH3F/j0DRX+AO/aF+QU7P00zgP9DRH4/vfx/gXoKPbt8u/1BeIh+SgY9t8E4wD2/zbMAhoIMRX7ABUaAvQL//nwCQAS6SjjCgff+Bft
    GQj1MNLf8g0z+Qb3AwXp9SsCBOz6DvUDFf/4Be3Q8/gN+gU20/LyGv7qH/Pl+97zFvju7MEa5egT+h4CDen09vYA+BvhDQ/2AQAj+t7wDBwC
    CO8IEBMQLxoC9wviAebd+Pfa1doQEgL07w4a5/r3CfsW5vkq7fIZB+rjLvEFFu70/unXz/cQAQUJ+Qv9GhYUAzkO8BMS8SD6CPMbCQkW39EF
    4+3S7Bb79gIS9vH0Bwn7IgIEIgz4ChED3Rn/CR/e+yXi2Mf++PDjDPPxAwEMDgQwDgUhEwjvNPbtHwYYHfH3E+zrzQLy8Pn39hMFDfEJAu3u
    /gzv8uzzFe7zBvAr9BQ05snLDv4QGwUPAOUSAObi8xAQA/vv5+j6/O0D7BbwCC3tyMwNDfwaGg0F8hMBA/8HBQET8ene7xfs8ALjFN4cLuTV
    0wQR9AMM+vL3GPwKAQH88gTl6sX3Fur4++T78Rwn6cfbGAf/8hgK+Af2AAH67+/0/g4IFgkK/N/t6d7NASj3w9b88fkD/OYHCw/4/wXy6/T0
    /wHxAgX43Ozv1NX+KQC+1wD99AoH3/0VCxbe+AcN3wLc9i8F+AMM+xcU190O3xXV9ibmABLvByARLu4VDPT2GuD+BPf2Egj37ALpDAn9Hr8Q
    HxDwHw0TCe38DPsL9ADpC+8e9hDuCP/rGgkNHfzYtQoOHukB+wAADPkpAAjr7Rr58+bX5PwFKwsD1xjz2erf9Of57/w6JgD8BALz9eb7/fgt
    Ferl+Qb/BgXUAAfy29UKBS7j/hkWCwMUDuELAfcXAgsc59QBIQ74DNn48Ovu1SIF+BANFwkG5v0UCQwWEfv08R7oBhD9Cub/4f0d1c3O7/0V
    CwkZDQwGGOwFEw/p8OkC+QUBARkg7wYtIwnyxs8RGxD15gLr+yMA9Ann7vMb4fPy9w3u9A/6B/EILuvJ0/8j8gsCHu4RJusM4hHsEfoQAgYe
    DOUf5+oQ6u8N6BzP/wb9GQb76vUD8AsAH/QBGPTm7fcT1hUBCSzzBiXz3MMFCPsO8hj8xgIKGP4I6QYM+Q4cG/PtJ9gSAvEO6uLs0fX6Dtnw
    F8r56gv+DCEDEhEc7/v3CtwR9Q8p7QYV/+vT3xEO7fLv1egAIRIDHPEVExT5Chf45ScDFSL3+hIH5tT2EesCBhbs4fAH9xkT8/cIKgIcDAT9
    9+EA8O7sFvHQwSUgDvkJDfjrCPQWBRLq7woT9BMdFeYQ7Ab55dsW+trHAwn//xv19MIM9fIK/hQULCkHH/ToAPPzEAj/2w/56dcF+gDk9ATx
    Ex334QYGFQMHLgDU/RYWGgsH8gfAAfkE1u8L8woQJM8sCfH5Af0PBxMX8/8Y/PsP5vYO4usU5QfE+gL9Ahrs7xMKDO7uAQf8EBPq1APy4/Tp
    FDAOMhPj9dX+9QcG/OMDFgUZ+PMECfMIOATvF+UB698wJgYpDPUT3/4K8wQB9/8Szhbl9/UQ/u4U4AHu5wceDQgsIxgSDubPA/XyFfDh6QzH
    9fPe/egVCg/v/+7n6B8VBRwICBgJ8NDu9RDy5BgQ9/slEP4LG+jtKyADCQIT5/MoEgMtBOv82AYC8Sjw+Rwe+vsS+f4KBv4R7Q/5DhkCCRcf
    LDn06+XUBAPy8/n68f34A+Hw5wvy6ycRBQb0CgYk+C0sCBYY4ckC6/0AEvjy+Azx+vrq4/IVDQUR1fEO/iwT7eQdwt796AMF6gcGCvQBD/j/
    /evj7QkPCwPO+BT1LQwA3hzB2wLpAusCBQYCBgcM/wrq4Nn2CxARAOP2B/01B/XqIL3iBOX+9/gG/QP3AQX4/gLg4OYWCv0D0vkdBicR9eQW
    v9wE5xUD5w8DAgb5AvsI9+nj8A4GCAfV7Q/+LRD34B685PzoEAADAB31/fsc9AXy5eYGFBgA9t7oFPYzDgHwJsvj+eUeG/ULBfjzBPrmJA4y
    +vwfDur+7gH/8SX1BOke2ucF0xH+8/YVAQAWDQDoAgX38vUD+erk/gwEOhP44//HzAzdCf0ECgX18u8H6gb/5+P5ExcEB9nnFAUoEvnoI8LY
    A+cG/Qj7A/n7+xD1B+3k2/UZFQcB1fERAC0Q+uYUwtcB6gMG9w0H9+30BPcT++TV5/wPEQTa9Av1LP8E5BrB5A/lA/rvDgcQ/vH6HOwY+PoC
    5t36//kOBfcSHubxGvnuPMAB7QMDISjv8xAAFBDzBvgMFfsS+f4G4j8R4/QU4RP5zeXz3wL7EQoY8AH8GCkR9NjzBNcBA+sOHPb08/XkIPDN
    9voHHgQFCxD1KP8WD/ALGwHmCA0A9/Afy+YAC/kTMc7z2v378ggDCggBER4Q/hMY9vnyIOHn2in19AIOAv8zzgLkEO0H+g0MDQIMDhAK/xUN
    Auz34fjWSPj89f3a/RXQ9ekJ9A4LDvEGDgQDEAEPM9rc/SID8dIdAv4GDQb4Is0b797i0w377QP27g8P/esT4gj9CxDuzBgL8w4DCBAb0e3/
    /QcAAe8G/AL48RYC/Qjt7/T0IeTu9AD+B/nBPvfH9wL1FhD95vEOBw3hGQz5Bvfq+fIrAeYFBPgX79Q899HU8PT8Be/0Bw4aBAAKAQAF+ADr
    9Cbr7e0P+AgDxjL4zADyBgYD8P8BCQEM0iQP7hf66Oz5Lwnb9P7wAvPbMQLV6+EIAQD69fDrCwzaFAb9He30/vQ05+X18wwCANMgBs4N7vMH
    GgP/CP//Bwjp9/vw+Qr78+L6CvoM8wDt5knwtv/r7iEACOn0CwgH+PoM7/j/Cvr97/QG8RsMAenzN/Gs/+QGGQfz+dj1+gzi9wjwDQsC8vf/
    ARj15RHv/fcpILMTA/v9Ghv5C//1DAz0+/Ty//z+Fd3yAPwL7gYGCiY5swsCFgjvIPUIBgUL6A4N5PUYC+oXAhTq5x0M+xoK+j7LHvgHBBQH
    /BAO8QcXABbn9wsS6/jvBPzjPOkQDgwrFcoO9wEH9QPy5wD1+fcHDOwPEP8I6yz4B+kb7A0OKvhBywH///cC9wMQBvL+Gxfr/en7A/sB/v7z
    7AXODPXvLL3I/wsQA/EK/PHr9PXjE/fnDgbz9gs82fH09v/9A+Ub57/l9v7+Ggj9DxjvBwUT+wQG9QHxBAz+A+En5RD/4jXjvQMT7PYV+u0D
    EQD1EQfoBfb8Avj6/P4Q+h7uB+f/QtS/De0OFhP8AAMP7iHq/wX8+v8H9vQH7QbdDAP+Bsw3Br0K5RgGFfv2Cwz5Exj+/A/s8gj3+PH4JOgd
    8gXs7zHpuv0U8vbwBeTw+QjxAhjz8AIJ6vMGHvbyCO378/fpKeSs+vkM/BAR2vb/+gsTDBAL8gn39O/1/A/69RUM9+44/aoX8OgOCjr+Bgbn
    ChwHAgnv7gz/7uIBCv8X5gkD6h31vPj1Bg4MHPQXG/H8CAIAAgf5FuP14wEX5hr7AvD/K/KwAiQmAfvyB/IP/Qzu/RIb/Pfh++QLFPn8AAAF
    9tAvAMANMh76D+cB4An2CN39AAAO/vrtAedBDenr/Qr2+RcW3RgTHQsO5fnaA/Af1vkK/AvlCO/wADYB6fP+D/DlGhPbCBERFRPn9OoRCRLq
    EAP7GP7ZAPULFdn4/vYS/dEyDtEe+PURCfv+CxnpDfHjFxf76hHz994CCvb7B/rv8DwFvhH6LALoCPHm9/kF0hIP7xDw4/r/Jf3u8ukM+fva
    KxLYDfMiHR32J//8ANjgFgv7DOb1AQIs7vjnFvPy+ukSEdEQ4PnzAQDs4vH/AugOEOP72AIPCkL48vT3/AP+7RkgzwH3Ff4C/vj97goD3iEL
    3x0A5/8BM97d8dsA/wfaGxXhJxQZ8f/t//XZDBXjFwvvH+jrBvwcDNb77vkG/tkhD+EO/QPx8/n6+uPo7twkCegc9OgCADXj5PD89P4D2CT+
    3yP09hUD+eTk9yn/Cwz19RflCwP7DSMSAODnBg4KETTS+P/3CBQJHPEo+//s+xsD+hD9+uMs3BYM8d7/ESf2JNP62PcK+hDj+ekjF94BCeXy
    +fr5ADH71gQD//cA4AYe0O8l/fkAAt74+xIP4fsOEP397vfsM+Xj//sFBPnTIw/O7QgMEgQH0w0U/fvx5gEt9wQI/x0HFgz+3QTmBNb5HMYH
    CvUAGxDc7wIRCAz3DQLrB/gL9xrb6ufGE/0P4Rog0uME/RD4DeD68+v17gX/JO4J7A/jNgX/+egS8gPJAwvR6RAX/uYA3xfvAPoG6hfq+Azx
    9vsR5QPwywjxC+QgJM/n9hD+BPADCuEF7tsc/eIA+QAO7yvj+env9QQQuv8C4PLVCe30B+UB8x8k/vcW7wHiBefzHe3x++zx9xzTCQ7PCucB
    Dvj1yCPXJvoJ4AH0APX6Et4M9gPw7Q31DeIQD9ML9N7yCATOK+D3Gf/mFuf5DvwB3fbo9OL0/BX/4w4N2PYfBvEfAecAGwjwFfnqGfIZ5/8A
    LPbn29sf/x359RreEBn+7yIJ6vci+esj9+Ie9Bvg+gAa/vDf5BoEGOfvF+HwGiAA7ekC6vUH/Q3y7xPn7O/79vkDI/0O+wDw5S73tv3/JRbl
    yQkI6eMUBf8SAdQMBPgAEQ0UEQf9Bw4fBerI4f8JF/70EuYR9QH7+grf69rTGhTuGvMHH+wA5AAAFsod9QYN+gAEBgnzBwUM9QzxEQT6/eoN
    OgQF/wPj/S39rxMKEBwA3w3uDCsH/wruDe7uBBAQ/gAQ9w/b/AkN/jS/5fMi9AAW/AYZ+iD8D/Qp/uwIHe30BA8AFAMA9P8h27wJ4gIBIvL5
    4/b1+v8J9Ar2D/PnAPQAJgQB/AX17yrIvu/e8P4C4tv4CyMMDP78DgDzCxPwE/f09CACGPXvJPy3C+IkKAcL9uQh6RLyCP8L8OUUBfT+EvUO
    5PwO8+ENEMAHAvP86Anl7hHf/AbV6/EK4+cPGgD8KPblC+f5DQoRwBAMDhIA8g7aCuXy6P37D/MPEQ4M5R72EeEkIvgRFQG++xcDBBML9/bj
    /Nnp8hP96woG/QcjEAUS+RDk3fnbC7k1/A8mC/30AO8bC+n/CRAUAOwCByP/8QToCgD89CT6u/ULCRP+8P0T+uru1/zcIukN+AIG8uwiIfbj
    EfIb8yjQA+n+BPT3AgUOFwDlBdQJ5PXhGA729AwdA80U/yL2MtwLCtT78u/pBAX87/gY+Ass/RroCPEh6fcY9x/1IAEeyvwO+g3v3+n4C+EE
    AiHq9gUELhQPBAMUIQIQK/MEHeLN7AwFCPfg8BAiAuMSE+wIIQEZDhn8/v4AJwb8+DD2EcIC+/8KExER2gsSABvoCwktDwna/APv9P8WBAvB
    /PzzzOsWACMWCQcPCvcAEQ4J8A/l+fP/3AoL//37FOD5LAKy+goD8QcR9BMGAQgZ+QAN+/H/BuzqCSzsGOwH6/Aq0roR9wL4HhTuHQnwGxYT
    Awjt+Av4+PsBFOMm7gbx9jfjxewS/BYb9QshASDuJQjiHfsA8vgR6gD++QnmC/zxLAnA+/jy+iAQ8gPg5fP//RID/Oz18ef98QL6FvQM++48
    67jk+QT3BQcj/AQGCfoE8/ED5AD88SD98ffz9/UEtCICxOwRAervDPYWCxwBDuoSFwYCARIqBwn9/BHD+xPtBcvX8BIZ8PcWGREVK/T2GgkJ
    /fH1Dff+5BEFFwgGC/f/1Lf/9fvz+vUPHBLx5Q4cEenNDwze9A4MERYYDhDz6/QFv/QH6h0DE/DyBf4FAhMCC+PxEvvj8RvzBSv1GQgGGPiw
    Cu4aAvoE9wUUDiIUCAUP4+gJ7goHAxz2CvT87PUn7K0R6vL/BeP14xz17AkB/AUD7RfVABP1FvkU5/z2AB8As/MX9xby7ScG/PEDEwMD/u7i
    7doXA/ccBusL9RMBDt24BgD9BfHs7+n1+Q7+C/wD7goR7fsYB97/Bcb0AzEM+7kd/+8Q2gXnAB0gBhv7F+wV8v8L/xHr8QEK6Qr1/hYjuwTg
    D/n5CxTrAwAHIOwHAAr3H/Tx8Qjs7TTyFfP8HgS3A+sTGvQRABMe6g4P4AH7FvIN+/7t6QsDAAD+8xgnBK37ChLnAe0YHRAJ7wr6F/8W+esa
    NfD28Q/v4PEK3w7yxBnxDhwnA94SGfUQBfkHBe8IGOwD7u317SPxEwUIKQLAB/QD+hkf6vsQ5Oj9/Rv1DQggCPD89hHlH/L++hwYCbIiDQIK
    EPPj8Az+FwcL+QEaBgv/8fbxEgMcKPP4IOXotQAUAe4JHeUBH/MMDwXt9/TyGu0H9fH+9gPu+vMCKu+r/AMAAd8SAOj7Hgn3CxPs9hUK+wIL
    MeTwM/wXHRzuKNz3Bw/44CnwAwj8FvgQCO7xCgPgAAko6/A4+/8IDOgu2PgAJvcBDuUkAg4HEhHqCRHv4xAK+vruECDxESwR5SfPA/YCF/gJ
    AQUFGv7wBxbvADMH7QABDOvfNSEaMBH6Adb8CRIC5w8iBvwj9PYPDPHxLgoAAAgL6+Q7BxgyAvT84Oz9+/ftAvwDAxv4/wYL+Pk7BPj2Ehzq
    5DAWGi8Y9PfY9wX7DNkI+QP6I/3yExLw8hgh6wIDJubvOxH/JPzkEOH3BRID8wX4APYL6Q8QDRYGAA0DE+vk7xP9Ewrx7SELoh/v+9zlCBj0
    BPnp8wYVCw8D7/wS/e/RI+II+f7oGwTEHPsG+eIMM+XjCvYACwoMJvvyAhsC6dMe7QkL6fMIDNEr7PHxzxw09gv84xgYBv4N7fPtFvbx7Bzr
    CPkC8gwE2wEA7gHs+gL4FgEPB/8g+wIQCgQS5djJKM8D+grlBh7Y6wHi+vvsDOwmCO0hBR3kAPHNKxbZ+eoV+Pn69PEFDeQQDeby4u4NBw0A
    BwP3IQECDwcAHMbd1BfSAQsA7RAP5g/vBvYaEQAW9Rv/FQr8BgIB3BP3HfzjG/wFCwHaGAKxAAHu8hIIKvsm+//lABMAAh4ECOEw5hQf7Noa
    DhH+Dtsa7CnwBO4UCA05ENXu/QXmLPr9AP0L3PgLC/AI8wAI2g7zDOz2ESEL/QHvChQA/BT+6AEU/wHHLtz7CAfXEAjNAOXjDxsR9RECHgES
    Hxv4CQgO/fMRA9Mb+AYP+t8PBrwBEfcJ7C331gATFf3/6xgG/g4lGPfxGdAK8gQH1+/s3AMM+xD9ANQ/8Tzz9u8ZAfPw9hrx9/378gbx9Afl
    DvTZ8UD5DxgB4vjx+gUQ3QTp7fH1BgQBC+fn3w7+DO0NKtT7Fe/Z9QbjIe4PIxIO7+btCw/t8vnt7CTuBegKz/0M2BMJ5v4SKfwODAAVFAz5
    EPz1Bwg54+UK7wXuDwvT8/TN4AwV+P3+Fgb9BOor8/EF0P8Q4RYBDhjm5RDpA+gBJdEX7jsB/wwC8g757xYU4QHu4+joBvwFBfvsAfT3zh8S
    0QEVANj7BPL5CgMQ2ycC/AD05+z5/NnYDOr+BQYTBR3AIv7iGObtAwME5BPT6fr3BeDz/wkb+wTz/Qf8+NonEMf3/OQE7P0FBP7x5OsZAwEQ
    4gn+2Q8D4vkb+fED5BwMsvcT4wzfHQ0D9eH4BNAU+wnXFvDWEgrmBxEV7Pnx/QvX9iv5E/gL+eEdFvv/1xUL9OAZBfIWAdAM6gb7998OD9T7
    EhDd+CAK+RUy+wEHEAr61wwH+AYBvxIZ8QDv+fgP2Ov99/wI//4C9vzxBhEFBs4GFeXy/wkVLAYE1QPK2hDV+gX3FQn89Pzs4cgMzQkE9PP0
    ++Aj/P/8Eh4G5vQCCsnoFd398gfi9RoF9PT81Q8T/wUQBw36EvzoFt0AzgkTyPnh+vcR7P/d9RkP5PT2/grO6hPwNvnwCQDvBPr8+SnSEAT/
    +DIH8RMcBgb3894q7QPqBA0d7+TnCBkJEgTkKNk=
  `).buffer,
);
const PAIRS = [
  ["money", "linux"],
  ["monday", "he"],
  ["good", "bad"],
];
const BOX = { high: 380, left: 46, right: 14, top: 14, bottom: 42, low: -0.55, top_value: 1 };
const LABELS = 5;

const vector = (word) => {
  const at = WORDS.indexOf(word) * WIDTH;
  return BYTES.subarray(at, at + WIDTH);
};

/** The cosine of the angle between two words: 1 the same direction, 0 at right angles. */
export function cosine(one, other) {
  const [a, b] = [vector(one), vector(other)];
  let [dot, long, wide] = [0, 0, 0];
  for (let i = 0; i < WIDTH; i++) {
    dot += a[i] * b[i];
    long += a[i] * a[i];
    wide += b[i] * b[i];
  }
  return dot / Math.sqrt(long * wide);
}

/** The other words, the closest first, as [word, cosine]. */
export const neighbours = (word) =>
  WORDS.filter((other) => other !== word)
    .map((other) => [other, cosine(word, other)])
    .sort((a, b) => b[1] - a[1]);

const atY = (value) =>
  BOX.high - BOX.bottom - ((value - BOX.low) / (BOX.top_value - BOX.low)) * (BOX.high - BOX.top - BOX.bottom);

export function mount(stage) {
  const wide = () => Math.min(600, Math.max(280, stage.clientWidth));
  const atX = (value) => BOX.left + ((value - BOX.low) / (BOX.top_value - BOX.low)) * (wide() - BOX.left - BOX.right);
  const sorted = [...WORDS].sort();
  const choice = (name, value) => {
    const list = html(
      "select",
      { class: "emb-select", onchange: () => draw() },
      ...sorted.map((word) => html("option", { value: word, selected: word === value }, word)),
    );
    return [html("label", { class: "emb-choice" }, html("span", { class: "fig-label" }, name), list), list];
  };
  const [acrossLabel, across] = choice("To the right: close to", "money");
  const [upLabel, up] = choice("Upwards: close to", "linux");
  const [askedLabel, asked] = choice("Neighbours of", "monday");
  const dots = svg("g");
  const names = svg("g", { class: "emb-names" });
  const axes = svg("g", { class: "fig-axes" });
  const map = svg("svg", { role: "img", class: "fig-panel emb-map" }, axes, dots, names);
  const list = html("ol", { class: "emb-list" });
  const live = readout();
  stage.append(
    html(
      "div",
      { class: "fig fig-embedding-map" },
      html(
        "div",
        { class: "fig-buttons" },
        ...PAIRS.map(([a, b]) =>
          button(`${a} × ${b}`, () => {
            across.value = a;
            up.value = b;
            draw();
          }),
        ),
      ),
      html("div", { class: "fig-controls" }, acrossLabel, upLabel),
      map,
      html("div", { class: "fig-half" }, askedLabel, list),
      live,
    ),
  );

  function draw() {
    const [a, b, word] = [across.value, up.value, asked.value];
    change(map, { viewBox: `0 0 ${wide()} ${BOX.high}` });
    const points = WORDS.map((name) => ({ name, x: cosine(name, a), y: cosine(name, b) }));
    const near = neighbours(word).slice(0, 8);
    const shown = new Set([a, b, word]);
    for (const axis of ["x", "y"]) {
      const farthest = points.toSorted((one, two) => two[axis] - one[axis]).slice(0, LABELS);
      for (const { name } of farthest) shown.add(name);
    }
    const asking = new Set([word, ...near.map(([name]) => name)]);
    dots.replaceChildren(
      ...points.map(({ name, x, y }) =>
        svg("circle", {
          cx: atX(x),
          cy: atY(y),
          r: asking.has(name) ? 5 : 3,
          class: asking.has(name) ? "emb-dot emb-asked" : "emb-dot",
        }),
      ),
    );
    label(points.filter(({ name }) => shown.has(name)));
    axes.replaceChildren(
      ...[-0.5, 0, 0.5, 1].flatMap((value) => [
        svg("line", { x1: atX(value), x2: atX(value), y1: BOX.top, y2: BOX.high - BOX.bottom, class: "fig-grid" }),
        svg("line", { y1: atY(value), y2: atY(value), x1: BOX.left, x2: wide() - BOX.right, class: "fig-grid" }),
        svg("text", { x: atX(value), y: BOX.high - BOX.bottom + 17, "text-anchor": "middle" }, number(value, 1)),
        svg("text", { x: BOX.left - 6, y: atY(value) + 4, "text-anchor": "end" }, number(value, 1)),
      ]),
      svg(
        "text",
        { x: (wide() + BOX.left) / 2, y: BOX.high - 6, "text-anchor": "middle", class: "fig-axis-name" },
        `cosine with “${a}”`,
      ),
      svg(
        "text",
        {
          x: 13,
          y: BOX.high / 2,
          "text-anchor": "middle",
          class: "fig-axis-name",
          transform: `rotate(-90 13 ${BOX.high / 2})`,
        },
        `cosine with “${b}”`,
      ),
    );
    list.replaceChildren(
      ...near.map(([name, value]) => {
        const bar = html("span", { class: "emb-bar" });
        bar.style.width = `${Math.max(0, value) * 55}%`;
        return html("li", {}, html("span", { class: "emb-word" }, name), bar, html("span", {}, number(value)));
      }),
    );
    const closest = (name) =>
      neighbours(name)
        .slice(0, 3)
        .map(([other]) => other)
        .join(", ");
    map.setAttribute(
      "aria-label",
      `${WORDS.length} words. Farthest to the right, close to ${a}: ${closest(a)}. Highest ` +
        `up, close to ${b}: ${closest(b)}.`,
    );
    live.textContent = `Closest to “${word}”: ${near
      .slice(0, 4)
      .map(([name, value]) => `${name} ${number(value)}`)
      .join(", ")}. “${a}” and “${b}” have the cosine ${number(cosine(a, b))}.`;
  }

  /** Write the names beside their dots, each a little lower where another name already stands. */
  function label(points) {
    const taken = [];
    names.replaceChildren(
      ...points
        .sort((one, two) => two.y - one.y)
        .map(({ name, x, y }) => {
          const late = x > 0.6;
          const place = { x: atX(x) + (late ? -7 : 7), y: atY(y) + 4, wide: name.length * 7.5 };
          const left = late ? place.x - place.wide : place.x;
          while (
            taken.some(
              (other) =>
                Math.abs(other.y - place.y) < 13 && left < other.left + other.wide && other.left < left + place.wide,
            )
          )
            place.y += 3;
          taken.push({ left, y: place.y, wide: place.wide });
          const leader = svg("line", { x1: atX(x), y1: atY(y), x2: place.x, y2: place.y - 4, class: "emb-leader" });
          return svg(
            "g",
            {},
            leader,
            change(svg("text", { "text-anchor": late ? "end" : "start" }, name), { x: place.x, y: place.y }),
          );
        }),
    );
  }

  const watcher = new ResizeObserver(draw);
  watcher.observe(stage);
  draw();
  return () => {
    watcher.disconnect();
    stage.replaceChildren();
  };
}
